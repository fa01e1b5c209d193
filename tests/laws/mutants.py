"""Planted bugs: each breaks one law, and the law's test must find it on a copy of the simulator."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("simulator", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Mutant:
    """A planted bug: what it does, in which file, the text that is replaced, and the tests that must fail."""

    bug: str
    file: str
    old: str
    new: str
    tests: str  # file of tests, and a part of the test's name


MUTANTS = [
    # --- goods ---
    Mutant(
        "what is shipped stays in stock",
        "ledger.py",
        '"shipped": ("on_hand", OUTSIDE)',
        '"shipped": (OUTSIDE, OUTSIDE)',
        "test_goods.py::stock_is_what_was_there",
    ),
    Mutant(
        "what comes is still on order",
        "ledger.py",
        '"received": ("on_order", "on_hand")',
        '"received": (OUTSIDE, "on_hand")',
        "test_goods.py::scheduled_receipts",
    ),
    Mutant(
        "parts cost nothing",
        "processes/make.py",
        "n.bill.flow(started))",
        "0 * n.bill.flow(started))",
        "test_goods.py::parts_are_used",
    ),
    Mutant(
        "parts are used for what is wanted, not for what is started",
        "processes/make.py",
        'move("consumed", n.bill.flow(started))',
        'move("consumed", n.bill.flow(np.rint(worked)))',
        "test_goods.py::parts_are_used",
    ),
    Mutant("yield is forgotten", "processes/make.py", "started * n.good", "started", "test_goods.py::yield_is_lost"),
    Mutant(
        "broken good units are thrown away",
        "processes/make.py",
        "firm.not_yet_good = good - whole",
        "pass",
        "test_goods.py::yield_is_lost",
    ),
    Mutant(
        "hours are not checked a second time",
        "processes/make.py",
        "np.maximum(there - used, 0.0)",
        "np.where(np.arange(len(there))[:, None] >= len(n.names), there, np.maximum(there - used, 0.0))",
        "test_goods.py::hours_used_are_there",
    ),
    Mutant(
        "parts are not checked a second time",
        "processes/make.py",
        "np.maximum(there - used, 0.0)",
        "np.where(np.arange(len(there))[:, None] < len(n.names), there, np.maximum(there - used, 0.0))",
        "test_goods.py::nothing_is_ever_below",
    ),
    Mutant(
        "parts of units begun are given to others",
        "processes/make.py",
        'firm.ledger.level["on_hand"] - n.bill.flow(firm.begun) if n.bill',
        'firm.ledger.level["on_hand"] if n.bill',
        "test_goods.py::nothing_is_ever_below",
    ),
    Mutant(
        "overtime is worked twice",
        "processes/make.py",
        "firm.hours_today + firm.overtime_today",
        "firm.hours_today + 2 * firm.overtime_today",
        "test_goods.py::hours_used_are_there",
    ),
    Mutant(
        "overtime begins before it takes effect",
        "processes/meet.py",
        "plans.effective[month] == firm.today",
        "plans.effective[month] == firm.today + 1",
        "test_goods.py::hours_used_are_there",
    ),
    Mutant(
        "the floor works on days off",
        "processes/make.py",
        "        if not firm.works_today:\n            continue\n",
        "",
        "test_goods.py::day_off",
    ),
    Mutant(
        "the dispatch works on days off",
        "processes/deliver.py",
        "if firm.works_today:",
        "if True:",
        "test_goods.py::day_off",
    ),
    Mutant(
        "buyers work on days off",
        "processes/source.py",
        "if not firm.works_today or (weekly",
        "if (weekly",
        "test_goods.py::day_off",
    ),
    Mutant(
        "half the hours are booked",
        "processes/make.py",
        "asked[len(n.names) :])",
        "asked[len(n.names) :] / 2)",
        "test_goods.py::hours_used_are_those",
    ),
    Mutant(
        "broken units are sold",
        "processes/deliver.py",
        "if firm.company.whole_units:",
        "if False:",
        "test_goods.py::whole_units",
    ),
    Mutant(
        "broken units are bought",
        "processes/source.py",
        "if firm.company.whole_units:",
        "if False:",
        "test_goods.py::whole_units",
    ),
    Mutant(
        "broken units are started",
        "processes/make.py",
        "started = np.floor(started + TINY)",
        "pass",
        "test_goods.py::whole_units",
    ),
    Mutant(
        "what is made comes a day early",
        "processes/make.py",
        "firm.today + lead)",
        "firm.today + lead - 1)",
        "test_goods.py::what_is_made_comes",
    ),
    Mutant(
        "what is bought comes a day late",
        "processes/source.py",
        "arrival = firm.today + firm.weather",
        "arrival = firm.today + 1 + firm.weather",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "orders overtake at every supplier",
        "processes/source.py",
        "np.maximum(arrival, firm.last_arrival))\n    firm.last",
        "arrival)\n    firm.last",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "no order overtakes at any supplier",
        "processes/source.py",
        "np.where(firm.overtaking[rows], arrival,",
        "np.where(False, arrival,",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "an order without goods holds back the next",
        "processes/source.py",
        "np.where(ordered > 0,",
        "np.where(ordered >= 0,",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "two deliveries of one day are one",
        "lanes.py",
        "np.arange(amount.shape[-1])] += amount",
        "np.arange(amount.shape[-1])] = amount",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "the minimum order is forgotten",
        "lanes.py",
        "np.maximum(amount, minimum)",
        "amount",
        "test_goods.py::orders_keep",
    ),
    Mutant(
        "orders are cut to multiples",
        "lanes.py",
        "np.ceil(ordered / np",
        "0.5 * np.ceil(ordered / np",
        "test_goods.py::orders_keep",
    ),
    Mutant("batches are forgotten", "network.py", "(i.make.batch if i.make else 0.0)", "0.0", "test_goods.py::batch"),
    Mutant(
        "more is shared out than there is",
        "lanes.py",
        "np.minimum(available / np.maximum(wanted, TINY), 1.0)",
        "np.minimum(1.01 * available / np.maximum(wanted, TINY), 1.0)",
        "test_goods.py::hours_used_are_there",
    ),
    # --- orders ---
    Mutant(
        "what is due stays in the order book",
        "ledger.py",
        '"due": ("order_book", "backlog")',
        '"due": (OUTSIDE, "backlog")',
        "test_orders.py::ordered_is_shipped",
    ),
    Mutant(
        "lost orders are owed for ever",
        "ledger.py",
        '"lost": ("backlog", OUTSIDE)',
        '"lost": (OUTSIDE, OUTSIDE)',
        "test_orders.py::ordered_is_shipped",
    ),
    Mutant(
        "shipments are counted by one segment",
        "processes/deliver.py",
        'move("shipped", total(shipped), sold)',
        'move("shipped", shipped[0], sold)',
        "test_orders.py::what_is_served",
    ),
    Mutant(
        "orders fall due on days off",
        "processes/order.py",
        "firm.calendar.next_working[day + lead_time]",
        "day + lead_time",
        "test_orders.py::signed_orders_fall_due",
    ),
    Mutant(
        "the order book has no page for a day far off",
        "firm.py",
        "max(ahead, asked) + 1",
        "max(ahead, int(self.requested.max())) + 40",
        "test_orders.py::closure",
    ),
    Mutant(
        "contracts fall due a day late",
        "processes/order.py",
        "weather.signings.due[deals] % len(book)",
        "(weather.signings.due[deals] + 1) % len(book)",
        "test_orders.py::signed_orders_fall_due",
    ),
    Mutant(
        "planners are told what was signed, not what was due",
        "processes/order.py",
        "firm.demand_by_month[firm.past_months + firm.view.month] += total(due_today)",
        "firm.demand_by_month[firm.past_months + firm.view.month] += total(signed)",
        "test_orders.py::months_of_demand",
    ),
    Mutant(
        "orders are lost a day late",
        "processes/deliver.py",
        "if day >= days:\n            firm.recent[segment] -= due[day - days, segment]",
        "if day > days:\n            firm.recent[segment] -= due[day - days - 1, segment]",
        "test_orders.py::patience",
    ),
    Mutant(
        "orders are lost a day early",
        "processes/deliver.py",
        "if day >= days:\n            firm.recent[segment] -= due[day - days, segment]",
        "if day >= days - 1:\n            firm.recent[segment] -= due[day - days + 1, segment]",
        "test_orders.py::patience",
    ),
    Mutant(
        "the impatient are as patient as shops",
        "processes/deliver.py",
        "if days is None:",
        "days = days or 6\n        if days is None:",
        "test_orders.py::patience",
    ),
    Mutant(
        "the last in rank is first",
        "network.py",
        "company.segments[name].rank)",
        "-company.segments[name].rank)",
        "test_orders.py::ranks_are",
    ),
    Mutant(
        "rank is forgotten",
        "lanes.py",
        "    served = np.empty_like(wanted)\n    left = available\n",
        "    served = np.empty_like(wanted)\n    left = available / 2\n",
        "test_orders.py::no_lower_rank or nobody_waits",
    ),
    Mutant(
        "the last who came is first",
        "policies/allocation.py",
        "lanes.oldest_first(unserved,",
        "lanes.oldest_first(unserved[::-1],",
        "test_orders.py::due_date",
    ),
    Mutant(
        "who came first is not asked",
        "policies/allocation.py",
        "served[:, product, lane] = lanes.oldest_first",
        "lanes.oldest_first",
        "test_orders.py::due_date",
    ),
    Mutant("goods wait until tomorrow", "clock.py", "RECEIVE = 7", "RECEIVE = 15", "test_orders.py::nobody_waits"),
    Mutant(
        "broken units that are left are kept",
        "processes/deliver.py",
        "return whole + ranked(wanted - whole, np.maximum(left, 0.0))",
        "return whole",
        "test_orders.py::nobody_waits",
    ),
    # --- people, machines, subcontractors ---
    Mutant(
        "who leaves stays",
        "departments/roster.py",
        "self.heads + started - left\n",
        "self.heads + started\n",
        "test_staff.py::come_and_go",
    ),
    Mutant(
        "a year's leavers leave every month",
        "departments/people.py",
        "self.staffing.attrition / 12",
        "self.staffing.attrition",
        "test_staff.py::come_and_go",
    ),
    Mutant(
        "new people are as fast as the others",
        "departments/roster.py",
        "lacking + amount * (self._slowness * still)",
        "lacking",
        "test_staff.py::hours_there",
    ),
    Mutant(
        "machines never fail",
        "departments/people.py",
        "self.rostered if uptime is None else self.rostered * uptime[self.firm.today]",
        "self.rostered",
        "test_staff.py::hours_there",
    ),
    Mutant(
        "people work before their machines' shifts",
        "staffing.py",
        "np.minimum(machines, heads * self.per_head), machines)",
        "heads * self.per_head, machines)",
        "test_staff.py::hours_there",
    ),
    Mutant(
        "only who is needed is paid",
        "departments/people.py",
        "roster.heads * s.per_head,",
        "np.minimum(roster.heads * s.per_head, self.hours),",
        "test_staff.py::paid_hours",
    ),
    Mutant(
        "set-ups take no hours from the day",
        "processes/make.py",
        "there[items:] - taken",
        "there[items:]",
        "test_staff.py::hours_used_are_there",
    ),
    Mutant(
        "overtime is worked by people who are not there",
        "firm.py",
        "np.minimum(authorised, self.hours_today * self.people.staffing.overtime)",
        "authorised",
        "test_staff.py::hours_used_are_there",
    ),
    Mutant(
        "what is made outside comes a day early",
        "departments/subcontractors.py",
        "(firm.today + lead)",
        "(firm.today + lead - 1)",
        "test_staff.py::made_outside",
    ),
    Mutant(
        "subcontractors have no limit",
        "departments/subcontractors.py",
        "self._place(np.minimum(wanted, room))",
        "self._place(wanted)",
        "test_staff.py::made_outside",
    ),
    Mutant(
        "planners know who will resign",
        "departments/people.py",
        "return self.staffing.hours(np.maximum(heads - slow, 0.0), shifts)",
        "return self.staffing.hours(np.maximum(heads - slow - (self.firm.weather.resignations[-1] > 0.5), 0.0), shifts)",
        "test_staff.py::tomorrow",
    ),
    # --- luck and lanes ---
    Mutant(
        "all things of a kind share their luck",
        "chance/stream.py",
        "crc32(name.encode()))",
        "0)",
        "test_luck.py::different_things",
    ),
    Mutant(
        "all sources share their luck",
        "chance/stream.py",
        "(crc32(source.encode()),",
        "(0,",
        "test_luck.py::different_things",
    ),
    Mutant(
        "replications share their luck",
        "chance/stream.py",
        "place = replication << PLACE",
        "place = 0",
        "test_luck.py::different_things",
    ),
    Mutant(
        "replications overlap",
        "chance/stream.py",
        "place = replication << PLACE",
        "place = replication",
        "test_luck.py::different_things",
    ),
    Mutant(
        "luck goes by place in the run",
        "chance/stream.py",
        "self.fill(replication, numbers[lane])",
        "self.fill(lane, numbers[lane])",
        "test_luck.py::another_replication",
    ),
    Mutant(
        "luck goes by order of calls",
        "chance/stream.py",
        "        self._bits.advance((place - self._at) % (1 << 128))\n",
        "",
        "test_luck.py::another_replication",
    ),
    Mutant(
        "today's contracts are written into the weather",
        "processes/order.py",
        "everything: Array = signed.copy()",
        "everything: Array = signed",
        "test_luck.py::no_policy_changes",
    ),
    Mutant(
        "due dates end with the run",
        "chance/deal_table.py",
        "BEYOND = 14",
        "BEYOND = 0",
        "test_luck.py::longer_horizon",
    ),
    Mutant(
        "lead times are cut down to whole days",
        "company/whole.py",
        "return np.maximum(np.rint(self.law.quantile(u)), self.least)",
        "return np.maximum(np.floor(self.law.quantile(u)), self.least)",
        "test_luck.py::lead_times",
    ),
    Mutant(
        "a day's order lines are the difference of running sums",
        "chance/everyday.py",
        "np.add.reduceat(size, starts).reshape(counts.shape)",
        "np.diff(np.append(0, np.cumsum(size))[np.append(starts, ends[-1])]).reshape(counts.shape)",
        "test_lanes.py::broken_sizes",
    ),
    Mutant(
        "a lone lane is summed by itself in the measures",
        "measures/tables.py",
        "Score(in_company(books), by)",
        "Score(books, by)",
        "test_lanes.py::alone_in_company",
    ),
    Mutant(
        "a lone lane is run by itself",
        "run.py",
        "list(replications) if len(replications) > 1 else [*replications, *replications]",
        "list(replications)",
        "test_lanes.py::alone_in_company",
    ),
    Mutant(
        "all lanes order as soon as one does",
        "lanes.py",
        "ordered = np.where(amount > TINY,",
        "ordered = np.where((amount > TINY).any(axis=-1, keepdims=True),",
        "test_lanes.py::alone_in_company",
    ),
    Mutant(
        "orders are followed back by what is left over, which rounds",
        "policies/allocation.py",
        "np.diff(covered, axis=0, prepend=0.0)[::-1]",
        "(covered * (1 + 1e-16 * len(covered)) - np.append(0 * covered[:1], covered[:-1], axis=0))[::-1]",
        "test_lanes.py::followed",
    ),
    # --- tomorrow ---
    Mutant(
        "use lately includes tomorrow's signatures",
        "view/now.py",
        "        return used\n",
        "        tomorrow = self._firm.weather.signed[self.today + 1 : self.today + 2].sum(axis=(0, 1))\n"
        "        used[:, self.network.sold] += tomorrow\n        return used\n",
        "test_tomorrow.py::sees",
    ),
    Mutant(
        "the order book includes this week's signatures",
        "archive.py",
        "        return book\n",
        "        book[0] += self.weather.signed[first : first + 7].sum(axis=(0, 1))\n        return book\n",
        "test_tomorrow.py::no_policy_sees",
    ),
    Mutant(
        "planners know the month that begins",
        "archive.py",
        "return Past(\n            read_only(rates),",
        "coming = self.weather.signed[self.today : self.today + 20].sum(axis=(0, 1))\n"
        "        return Past(\n            read_only(rates * (1 + 1e-3 * coming)),",
        "test_tomorrow.py::no_forecast",
    ),
    Mutant(
        "planners know how late deliveries will be",
        "view/now.py",
        "        position = self.on_hand + self.on_order - self.waste_until(days)\n",
        "        position = self.on_hand + self.on_order - self.waste_until(days)\n"
        "        tomorrow = slice(self.today + 1, self.today + 2)\n"
        "        position[self.network.bought] -= self._firm.weather.delivery[tomorrow].sum(axis=0)\n",
        "test_tomorrow.py::sees",
    ),
    Mutant(
        "the view can be written into",
        "view/told.py",
        "shown.flags.writeable = False",
        "shown.flags.writeable = True",
        "test_tomorrow.py::touch",
    ),
    Mutant(
        "the network can be written into",
        "network.py",
        "array.flags.writeable = False",
        "array.flags.writeable = True",
        "test_tomorrow.py::touch",
    ),
    # --- answers ---
    Mutant(
        "less than nothing is accepted",
        "firm.py",
        "max if below_zero else 0.0",
        "max if below_zero or answer.size else 0.0",
        "test_answers.py::nobody_can_act_on",
    ),
    Mutant(
        "numbers that are none are accepted",
        "firm.py",
        "if answer.size and not (",
        "if np.isfinite(answer).all() and not (",
        "test_answers.py::nobody_can_act_on",
    ),
    Mutant(
        "any shape is accepted", "firm.py", "if answer.shape != shape:", "if False:", "test_answers.py::another_shape"
    ),
    Mutant(
        "the wrong replication is named",
        "firm.py",
        "self.weather.replications[bad[-1]]",
        "self.weather.replications[bad[0]]",
        "test_answers.py::nobody_can_act_on",
    ),
    Mutant(
        "a rule hands out what is not there",
        "processes/deliver.py",
        "        if excess.any():",
        "        if False:",
        "test_answers.py::hands_out",
    ),
    Mutant(
        "rounding of the backlog stops the company",
        "processes/deliver.py",
        'np.maximum(ledger.level["backlog"], 0.0)',
        'ledger.level["backlog"]',
        "test_goods.py::below_nothing",
    ),
    Mutant(
        "rounding of stock stops the company",
        "processes/deliver.py",
        'np.maximum(ledger.level["on_hand"][sold], 0.0)',
        'ledger.level["on_hand"][sold]',
        "test_goods.py::below_nothing",
    ),
    # --- market, customers, sales, pipeline ---
    Mutant(
        "rounding makes units",
        "chance/following.py",
        "np.cumsum(exact, axis=0) + 0.5",
        "np.cumsum(exact, axis=0) + 0.5 + 0.01 * np.arange(len(exact))[:, None]",
        "test_market.py::half_a_unit",
    ),
    Mutant(
        "what is pulled forward comes again after the promotion",
        "company/events.py",
        "after * taken /",
        "0 * after * taken /",
        "test_market.py::pulls_forward_is_missing",
    ),
    Mutant(
        "planners are told everything",
        "company/market.py",
        "np.inf if event.known is None else",
        "0.0 if event.known is None else",
        "test_market.py::announced",
    ),
    Mutant(
        "what happened is taken for usual",
        "view/told.py",
        "rates = np.where(moved > TINY, self.rates / np.maximum(moved, TINY), self.told.expected)",
        "rates = self.rates",
        "test_market.py::taken_for_usual",
    ),
    Mutant(
        "safety stock is held for what is gone",
        "sop/supply_plan.py",
        "held * needed_for(firm, sold[:2].min(axis=0))",
        "held",
        "test_market.py::after_the_end",
    ),
    Mutant(
        "customers forget the part of a unit",
        "departments/customers.py",
        "np.subtract(exact, whole, out=self.part)",
        "pass",
        "test_market.py::loyalty_leaves",
    ),
    Mutant(
        "loyalty comes back as fast as it goes",
        "departments/customers.py",
        "np.where(deserved < level, self.fall, self.rise)",
        "self.fall",
        "test_market.py::months_end",
    ),
    Mutant(
        "a call-off asks again whether the customer is loyal",
        "departments/customers.py",
        "self.asked[deal[fresh]] = True",
        "pass",
        "test_market.py::pipeline_holds",
    ),
    Mutant(
        "pulled orders come a second time",
        "departments/sales.py",
        "self.taken[day] = self.taken.get(day, 0.0) + now",
        "self.taken[day] = self.taken.get(day, 0.0) + 0.5 * now",
        "test_market.py::moved_never_made",
    ),
    Mutant(
        "the limit of the push is forgotten",
        "departments/sales.py",
        "np.minimum(gap, self.may_pull)",
        "gap",
        "test_market.py::stays_within",
    ),
    Mutant(
        "an alert comes when nothing can be mended",
        "departments/sales.py",
        "and self._days_left() > self.force.push_days",
        "",
        "test_market.py::alert_is_raised",
    ),
    Mutant(
        "a deal passes by what is said",
        "chance/pipeline.py",
        "< stage.passes",
        "< stage.says",
        "test_market.py::as_often_as",
    ),
    Mutant(
        "parts of what ends are bought as ever",
        "policies/replenishment.py",
        "return view.at_most_to_come(use[0] * (view.lead_time + self.days - 1) + view.safety_stock)",
        "return use[0] * (view.lead_time + self.days - 1) + view.safety_stock",
        "test_market.py::last_time",
    ),
    Mutant(
        "the way to the customer takes no time",
        "firm.py",
        " - self.company.way(s)",
        "",
        "test_market.py::leaves_the_dock",
    ),
    # --- money ---
    Mutant(
        "what customers owed before the first day is never paid",
        "money/customers.py",
        "paid[:wait] += before[mine].sum()",
        "paid[:wait] += 0 * before[mine].sum()",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "all customers are granted the company's penalty",
        "money/terms.py",
        "usual if s.late_penalty is None else s.late_penalty",
        "usual",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "goods are paid for while they are on their way",
        "money/terms.py",
        "s.payment_days + way.transport_days",
        "s.payment_days",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "what is late is invoiced when it falls due",
        "money/reading.py",
        "kept - np.diff(self.owed",
        "kept - 0 * np.diff(self.owed",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "suppliers are paid on the spot",
        "money/terms.py",
        "suppliers[name].payment_days for name",
        "0 * suppliers[name].payment_days for name",
        "test_accounts.py::suppliers_are_owed",
    ),
    Mutant(
        "finished goods stay in the value of the floor",
        "money/accounts.py",
        '"finished": (WORK_IN_PROCESS, STOCK)',
        '"finished": (OUTSIDE, STOCK)',
        "test_accounts.py::work_in_process",
    ),
    Mutant(
        "parts cost nothing when they are used",
        "money/accounts.py",
        '"used": (STOCK, WORK_IN_PROCESS)',
        '"used": (OUTSIDE, WORK_IN_PROCESS)',
        "test_accounts.py::stock_is_worth",
    ),
    Mutant(
        "bad debt is forgotten in the profit",
        "money/accounts.py",
        '"penalties", "bad_debt", "storage"',
        '"penalties", "storage"',
        "test_accounts.py::every_line",
    ),
    Mutant(
        "interest bears no interest",
        "money/journal.py",
        "taken += interest[end - 1]",
        "taken += 0 * interest[end - 1]",
        "test_accounts.py::interest_is_charged",
    ),
    Mutant(
        "wages are paid when the month begins",
        "money/plant.py",
        "paid[start[1:] - 1]",
        "paid[start[:-1]]",
        "test_accounts.py::wages_and_fixed_cost",
    ),
    Mutant(
        "lateness is charged to nobody's margin",
        "money/margin.py",
        '"penalties": owed * late',
        '"penalties": 0 * owed * late',
        "test_accounts.py::margins_of_all_groups",
    ),
    Mutant(
        "orders in the backlog count as lost volume",
        "money/budget.py",
        "self.value(self.shipped, margin) - asked",
        "self.value(self.shipped, margin) - 2 * asked",
        "test_accounts.py::budget_and_result",
    ),
    # --- suppliers ---
    Mutant(
        "what is rejected stays on order",
        "ledger.py",
        '"rejected": ("on_order", OUTSIDE)',
        '"rejected": (OUTSIDE, OUTSIDE)',
        "test_supply.py::on_order_until",
    ),
    Mutant(
        "bad units are paid",
        "processes/purchase.py",
        "flow(came * buying.sources.price)",
        "flow(buying.punctual[slot] + came * 0)",
        "test_supply.py::sources_add_up",
    ),
    Mutant(
        "broken units are rejected",
        "processes/purchase.py",
        "rejected = np.floor(buying.part_rejected + TINY)",
        "rejected = buying.part_rejected.copy()",
        "test_supply.py::sources_add_up",
    ),
    Mutant(
        "a month's capacity is never used up",
        "processes/purchase.py",
        "buying.left -= taken_on[:rows]",
        "buying.left -= 0 * taken_on[:rows]",
        "test_supply.py::more_than_its_capacity",
    ),
    Mutant(
        "what waits for a month's capacity is forgotten",
        "processes/purchase.py",
        "    buying.waiting += waiting\n",
        "",
        "test_supply.py::no_source_delivers or on_order_until or waits_for_its_month",
    ),
    Mutant(
        "a supplier who is out delivers all the same",
        "processes/purchase.py",
        "return [(units - waits, day), (waits, day + delay)]",
        "return [(units - waits, day), (waits, day)]",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "a lane that is closed lets everything through",
        "processes/purchase.py",
        "parcels += held_up(firm, amount, day, n.outage_of_route[rows])",
        "parcels += [(amount, day)]",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "inspection takes no time",
        "processes/purchase.py",
        "in_stock = day + n.inspection[rows]",
        "in_stock = day",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "later orders of a supplier overtake",
        "processes/purchase.py",
        "np.maximum(start + lead, last))",
        "start + lead)",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "a late delivery counts as punctual",
        "processes/purchase.py",
        "in_time = punctual & (in_stock <= today + n.promise[rows])",
        "in_time = punctual & (in_stock <= today + n.promise[rows] + 1)",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "shares are turned round",
        "policies/sourcing.py",
        "np.where(share > 0, share, 1e-9)",
        "np.where(share > 0, 1 / share, 1e-9)",
        "test_supply.py::shares_are_kept",
    ),
    Mutant(
        "express costs nothing",
        "processes/purchase.py",
        "extra = express * n.sources.price * n.sources.premium",
        "extra = 0 * express * n.sources.price * n.sources.premium",
        "test_supply.py::express_costs",
    ),
    Mutant(
        "sites that are out work on",
        "departments/purchasing.py",
        "return np.asarray(1.0 - self.lost_share(things))",
        "return np.asarray(1.0 + 0 * self.lost_share(things))",
        "test_supply.py::fewer_hours",
    ),
    Mutant(
        "planners know of an outage before they are told",
        "chance/supply.py",
        "_latest(first - disruption.warning, len(day))",
        "_latest(first - disruption.warning - 12, len(day))",
        "test_supply.py::told_no_sooner",
    ),
    Mutant(
        "the luck of a disruption hangs on its place in the list",
        "chance/supply.py",
        '"/".join([*thing, str(seen[thing])])',
        "str(len(seen))",
        "test_supply.py::another_disruption",
    ),
]


def planted(mutant, folder):
    """A copy of the project with the bug in it."""
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name, **({"ignore": shutil.ignore_patterns("__pycache__")} if source.is_dir() else {}))
    if mutant:
        file = folder / "simulator" / mutant.file
        file.write_text(file.read_text(encoding="utf-8").replace(mutant.old, mutant.new), encoding="utf-8")
    return folder


def outcome(folder, tests):
    """Run tests in a copy: pytest's exit status and its last lines."""
    file, _, part = tests.partition("::")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow",
               f"tests/laws/{file}", *(["-k", part] if part else [])]  # fmt: skip
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
    run = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout[-2_000:] + run.stderr[-2_000:]
