"""Planted bugs: each breaks one law, and the law's test must find it on a copy of the simulator."""

import ast
import functools
import itertools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("simulator", "scenarios", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Mutant:
    """A planted bug: what it does, in which function, the text that is replaced, and the tests that must fail.

    It is addressed by the name of the function, method or table, so that code may move from file to file.
    """

    bug: str
    where: str
    old: str
    new: str
    tests: str  # file of tests, and a part of the test's name


MUTANTS = [
    # --- goods ---
    Mutant(
        "what is shipped stays in stock",
        "GOODS_FLOWS",
        '"shipped": ("on_hand", OUTSIDE)',
        '"shipped": (OUTSIDE, OUTSIDE)',
        "test_goods.py::stock_is_what_was_there",
    ),
    Mutant(
        "what comes is still on order",
        "GOODS_FLOWS",
        '"received": ("on_order", "on_hand")',
        '"received": (OUTSIDE, "on_hand")',
        "test_goods.py::scheduled_receipts",
    ),
    Mutant(
        "parts cost nothing",
        "start_production",
        "n.bill.flow(started))",
        "0 * n.bill.flow(started))",
        "test_goods.py::parts_are_used",
    ),
    Mutant(
        "parts are used for what is wanted, not for what is started",
        "start_production",
        'move("consumed", n.bill.flow(started))',
        'move("consumed", n.bill.flow(np.rint(worked)))',
        "test_goods.py::parts_are_used",
    ),
    Mutant("yield is forgotten", "post_finished.good", "started * n.good", "started", "test_goods.py::yield_is_lost"),
    Mutant(
        "broken good units are thrown away",
        "post_finished",
        "firm.not_yet_good = good - whole",
        "pass",
        "test_goods.py::yield_is_lost",
    ),
    Mutant(
        "hours are not checked a second time",
        "worked_quantity",
        "np.maximum(there - used, 0.0)",
        "np.where(np.arange(len(there))[:, None] >= len(n.names), there, np.maximum(there - used, 0.0))",
        "test_goods.py::hours_used_are_there",
    ),
    Mutant(
        "parts are not checked a second time",
        "worked_quantity",
        "np.maximum(there - used, 0.0)",
        "np.where(np.arange(len(there))[:, None] < len(n.names), there, np.maximum(there - used, 0.0))",
        "test_goods.py::nothing_is_ever_below",
    ),
    Mutant(
        "parts of units begun are given to others",
        "within_reach.parts",
        'firm.ledger.level["on_hand"] - n.bill.flow(firm.begun) if n.bill',
        'firm.ledger.level["on_hand"] if n.bill',
        "test_goods.py::nothing_is_ever_below",
    ),
    Mutant(
        "overtime is worked twice",
        "within_reach.hours",
        "firm.hours_today + firm.overtime_today",
        "firm.hours_today + 2 * firm.overtime_today",
        "test_goods.py::hours_used_are_there",
    ),
    Mutant(
        "overtime begins before it takes effect",
        "take_effect.due",
        "plans.effective[month] == firm.today",
        "plans.effective[month] == firm.today + 1",
        "test_goods.py::hours_used_are_there",
    ),
    Mutant(
        "the floor works on days off",
        "start_production",
        "    if not firm.works_today:\n        return\n",
        "",
        "test_goods.py::day_off",
    ),
    Mutant(
        "the dispatch works on days off",
        "ship",
        "if firm.works_today:",
        "if True:",
        "test_goods.py::day_off",
    ),
    Mutant(
        "buyers work on days off",
        "release",
        "if not firm.works_today or (weekly",
        "if (weekly",
        "test_goods.py::day_off",
    ),
    Mutant(
        "half the hours are booked",
        "worked_quantity",
        "asked[len(n.names) :])",
        "asked[len(n.names) :] / 2)",
        "test_goods.py::hours_used_are_those",
    ),
    Mutant(
        "broken units are sold",
        "ship",
        "if firm.company.whole_units:",
        "if False:",
        "test_goods.py::whole_units",
    ),
    Mutant(
        "broken units are bought",
        "buy",
        "if firm.company.whole_units:",
        "if False:",
        "test_goods.py::whole_units",
    ),
    Mutant(
        "broken units are started",
        "start_production.started",
        "started = np.floor(started + TINY)",
        "pass",
        "test_goods.py::whole_units",
    ),
    Mutant(
        "what is made comes a day early",
        "post_finished",
        "firm.today + lead)",
        "firm.today + lead - 1)",
        "test_goods.py::what_is_made_comes",
    ),
    Mutant(
        "what is bought comes a day late",
        "post_varying.arrival",
        "arrival = firm.today + firm.weather",
        "arrival = firm.today + 1 + firm.weather",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "orders overtake at every supplier",
        "post_varying",
        "np.maximum(arrival, firm.last_arrival))\n    firm.last",
        "arrival)\n    firm.last",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "no order overtakes at any supplier",
        "post_varying.arrival",
        "np.where(firm.overtaking[rows], arrival,",
        "np.where(False, arrival,",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "an order without goods holds back the next",
        "post_varying",
        "np.where(ordered > 0,",
        "np.where(ordered >= 0,",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "two deliveries of one day are one",
        "post_due",
        "np.arange(amount.shape[-1])] += amount",
        "np.arange(amount.shape[-1])] = amount",
        "test_goods.py::every_delivery",
    ),
    Mutant(
        "the minimum order is forgotten",
        "lots.ordered",
        "np.maximum(amount, minimum)",
        "amount",
        "test_goods.py::orders_keep",
    ),
    Mutant(
        "orders are cut to multiples",
        "lots",
        "np.ceil(ordered / np",
        "0.5 * np.ceil(ordered / np",
        "test_goods.py::orders_keep",
    ),
    Mutant(
        "batches are forgotten", "Network._measure", "(i.make.batch if i.make else 0.0)", "0.0", "test_goods.py::batch"
    ),
    Mutant(
        "more is shared out than there is",
        "share_of",
        "np.minimum(available / np.maximum(wanted, TINY), 1.0)",
        "np.minimum(1.01 * available / np.maximum(wanted, TINY), 1.0)",
        "test_goods.py::hours_used_are_there",
    ),
    # --- orders ---
    Mutant(
        "what is due stays in the order book",
        "ORDER_FLOWS",
        '"due": ("order_book", "backlog")',
        '"due": (OUTSIDE, "backlog")',
        "test_orders.py::ordered_is_shipped",
    ),
    Mutant(
        "lost orders are owed for ever",
        "ORDER_FLOWS",
        '"lost": ("backlog", OUTSIDE)',
        '"lost": (OUTSIDE, OUTSIDE)',
        "test_orders.py::ordered_is_shipped",
    ),
    Mutant(
        "shipments are counted by one segment",
        "ship",
        'move("shipped", total(shipped), sold)',
        'move("shipped", shipped[0], sold)',
        "test_orders.py::what_is_served",
    ),
    Mutant(
        "orders fall due on days off",
        "sign.due",
        "firm.calendar.next_working[day + lead_time]",
        "day + lead_time",
        "test_orders.py::signed_orders_fall_due",
    ),
    Mutant(
        "the order book has no page for a day far off",
        "Firm._open_calendars",
        "max([ahead, asked, *(due for due, *_ in self.owed)])",
        "max([ahead, int(self.requested.max()) + 39])",
        "test_orders.py::closure",
    ),
    Mutant(
        "contracts fall due a day late",
        "sign",
        "(due_on % len(book), s, p, lane)",
        "((due_on + 1) % len(book), s, p, lane)",
        "test_orders.py::signed_orders_fall_due",
    ),
    Mutant(
        "planners are told what was signed, not what was due",
        "take_orders",
        "firm.demand_by_month[firm.past_months + firm.view.month] += total(due_today)",
        "firm.demand_by_month[firm.past_months + firm.view.month] += total(signed)",
        "test_orders.py::months_of_demand",
    ),
    Mutant(
        "orders are lost a day late",
        "lose_the_impatient",
        "if day >= days:\n            firm.recent[segment] -= due[day - days, segment]",
        "if day > days:\n            firm.recent[segment] -= due[day - days - 1, segment]",
        "test_orders.py::patience",
    ),
    Mutant(
        "orders are lost a day early",
        "lose_the_impatient",
        "if day >= days:\n            firm.recent[segment] -= due[day - days, segment]",
        "if day >= days - 1:\n            firm.recent[segment] -= due[day - days + 1, segment]",
        "test_orders.py::patience",
    ),
    Mutant(
        "the impatient are as patient as shops",
        "lose_the_impatient",
        "if days is None:",
        "days = days or 6\n        if days is None:",
        "test_orders.py::patience",
    ),
    Mutant(
        "the last in rank is first",
        "Network.__init__",
        "company.segments[name].rank)",
        "-company.segments[name].rank)",
        "test_orders.py::ranks_are",
    ),
    Mutant(
        "rank is forgotten",
        "ranked",
        "    served = np.empty_like(wanted)\n    left = available\n",
        "    served = np.empty_like(wanted)\n    left = available / 2\n",
        "test_orders.py::no_lower_rank or nobody_waits",
    ),
    Mutant(
        "the last who came is first",
        "FirstCome._oldest_first",
        "lanes.oldest_first(unserved,",
        "lanes.oldest_first(unserved[::-1],",
        "test_orders.py::due_date",
    ),
    Mutant(
        "who came first is not asked",
        "FirstCome.__call__",
        "served[:, *mine] = self._oldest_first",
        "self._oldest_first",
        "test_orders.py::due_date",
    ),
    Mutant("goods wait until tomorrow", "Hour.RECEIVE", "RECEIVE = 7", "RECEIVE = 15", "test_orders.py::nobody_waits"),
    Mutant(
        "broken units that are left are kept",
        "in_whole_units",
        "return whole + ranked(wanted - whole, np.maximum(left, 0.0))",
        "return whole",
        "test_orders.py::nobody_waits",
    ),
    # --- people, machines, subcontractors ---
    Mutant(
        "who leaves stays",
        "Roster.turn",
        "self.heads + started - left\n",
        "self.heads + started\n",
        "test_staff.py::come_and_go",
    ),
    Mutant(
        "a year's leavers leave every month",
        "People.turn.gone",
        "self.staffing.attrition / 12",
        "self.staffing.attrition",
        "test_staff.py::come_and_go",
    ),
    Mutant(
        "new people are as fast as the others",
        "Roster.slow_on.lacking",
        "lacking + amount * (self._slowness * still)",
        "lacking",
        "test_staff.py::hours_there",
    ),
    Mutant(
        "machines never fail",
        "People.hours",
        "self.rostered if uptime is None else self.rostered * uptime[self.firm.today]",
        "self.rostered",
        "test_staff.py::hours_there",
    ),
    Mutant(
        "people work before their machines' shifts",
        "Staffing.there",
        "np.minimum(machines, heads * self.per_head), machines)",
        "heads * self.per_head, machines)",
        "test_staff.py::hours_there",
    ),
    Mutant(
        "only who is needed is paid",
        "People.pay.paid",
        "roster.heads * s.per_head,",
        "np.minimum(roster.heads * s.per_head, self.hours),",
        "test_staff.py::paid_hours",
    ),
    Mutant(
        "set-ups take no hours from the day",
        "set_up",
        "there[items:] - taken",
        "there[items:]",
        "test_staff.py::hours_used_are_there",
    ),
    Mutant(
        "overtime is worked by people who are not there",
        "Firm.overtime_today",
        "np.minimum(authorised, self.hours_today * self.people.staffing.overtime)",
        "authorised",
        "test_staff.py::hours_used_are_there",
    ),
    Mutant(
        "what is made outside comes a day early",
        "Subcontractors._place",
        "(firm.today + lead)",
        "(firm.today + lead - 1)",
        "test_staff.py::made_outside",
    ),
    Mutant(
        "subcontractors have no limit",
        "Subcontractors.order",
        "self._place(np.minimum(wanted, room))",
        "self._place(wanted)",
        "test_staff.py::made_outside",
    ),
    Mutant(
        "planners know who will resign",
        "People.hours_of",
        "return self.staffing.hours(np.maximum(heads - slow, 0.0), shifts)",
        "return self.staffing.hours(np.maximum(heads - slow - (self.firm.weather.resignations[-1] > 0.5), 0.0), shifts)",
        "test_staff.py::tomorrow",
    ),
    # --- luck and lanes ---
    Mutant(
        "all things of a kind share their luck",
        "Numbers.__init__.key",
        "crc32(name.encode()))",
        "0)",
        "test_luck.py::different_things",
    ),
    Mutant(
        "all sources share their luck",
        "Numbers.__init__.key",
        "(crc32(source.encode()),",
        "(0,",
        "test_luck.py::different_things",
    ),
    Mutant(
        "replications share their luck",
        "Numbers.fill.place",
        "(replication << PLACE)",
        "0",
        "test_luck.py::different_things",
    ),
    Mutant(
        "replications overlap",
        "Numbers.fill.place",
        "(replication << PLACE)",
        "replication",
        "test_luck.py::different_things",
    ),
    Mutant(
        "luck goes by place in the run",
        "Stream.table",
        "self.fill(replication, numbers[lane], known)",
        "self.fill(lane, numbers[lane], known)",
        "test_luck.py::another_replication",
    ),
    Mutant(
        "luck goes by order of calls",
        "Numbers.fill",
        "        self._bits.advance((place - self._at) % (1 << 128))\n",
        "",
        "test_luck.py::another_replication",
    ),
    Mutant(
        "today's contracts are written into the weather",
        "sign.everything",
        "everything: Array = signed.copy()",
        "everything: Array = signed",
        "test_luck.py::no_policy_changes",
    ),
    Mutant(
        "due dates end with the run",
        "BEYOND",
        "BEYOND = 14",
        "BEYOND = 0",
        "test_luck.py::longer_horizon",
    ),
    Mutant(
        "lead times are a day short of their law",
        "InWhole.__init__",
        "self.table: Whole = table.astype(np.int64)",
        "self.table: Whole = np.maximum(table - 1, least).astype(np.int64)",
        "test_luck.py::lead_times",
    ),
    Mutant(
        "a day's order lines are the difference of running sums",
        "_added_up.by_day",
        "np.add.reduceat(size, ends - counts.ravel())",
        "np.diff(np.append(0, np.cumsum(size))[np.append(ends - counts.ravel(), ends[-1])])",
        "test_lanes.py::broken_sizes",
    ),
    Mutant(
        "a lone lane is summed by itself in the measures",
        "measured_by",
        "Score(in_company(books))",
        "Score(books)",
        "test_lanes.py::alone_in_company",
    ),
    Mutant(
        "a lone lane is run by itself",
        "weather_for.lanes",
        "list(replications) if len(replications) > 1 else [*replications, *replications]",
        "list(replications)",
        "test_lanes.py::alone_in_company",
    ),
    Mutant(
        "all lanes order as soon as one does",
        "lots.ordered",
        "ordered = np.where(amount > TINY,",
        "ordered = np.where((amount > TINY).any(axis=-1, keepdims=True),",
        "test_lanes.py::alone_in_company",
    ),
    Mutant(
        "orders are followed back by what is left over, which rounds, as far as any beside them",
        "FirstCome.__call__.followed",
        "(due_since[-1] >= wanted[:, product, lane]).all(axis=0) | (len(due_since) < days)",
        "np.full(len(product), (due_since[-1] >= wanted[:, product, lane]).all() or len(due_since) < days)\n"
        "            due_since = due_since * (1 + 1e-16 * len(due_since))",
        "test_lanes.py::followed",
    ),
    # --- tomorrow ---
    Mutant(
        "use lately includes tomorrow's signatures",
        "Now.used_lately",
        "        return used\n",
        "        tomorrow = self._firm.weather.signed[self.today + 1 : self.today + 2].sum(axis=(0, 1))\n"
        "        used[:, self.network.sold] += tomorrow\n        return used\n",
        "test_tomorrow.py::sees",
    ),
    Mutant(
        "the order book includes this week's signatures",
        "Archive.order_book_by_month",
        "        return book\n",
        "        book[0] += self.weather.signed[first : first + 7].sum(axis=(0, 1))\n        return book\n",
        "test_tomorrow.py::no_policy_sees",
    ),
    Mutant(
        "planners know the month that begins",
        "Archive.past_to",
        "return Past(\n            read_only(rates),",
        "coming = self.weather.signed[self.today : self.today + 20].sum(axis=(0, 1))\n"
        "        return Past(\n            read_only(rates * (1 + 1e-3 * coming)),",
        "test_tomorrow.py::no_forecast",
    ),
    Mutant(
        "planners know how late deliveries will be",
        "Now.position_until.position",
        "        position = self.on_hand + self.on_order\n",
        "        position = self.on_hand + self.on_order\n"
        "        tomorrow = slice(self.today + 1, self.today + 2)\n"
        "        position[self.network.bought] -= self._firm.weather.delivery[tomorrow].sum(axis=0)\n",
        "test_tomorrow.py::sees",
    ),
    Mutant(
        "the view can be written into",
        "read_only",
        "shown.flags.writeable = False",
        "shown.flags.writeable = True",
        "test_tomorrow.py::touch",
    ),
    Mutant(
        "the network can be written into",
        "lock",
        "array.flags.writeable = False",
        "array.flags.writeable = True",
        "test_tomorrow.py::touch",
    ),
    # --- answers ---
    Mutant(
        "less than nothing is accepted",
        "Firm.checked.least",
        "max if below_zero else 0.0",
        "max if below_zero or answer.size else 0.0",
        "test_answers.py::nobody_can_act_on",
    ),
    Mutant(
        "numbers that are none are accepted",
        "Firm.checked",
        "if answer.size and not (",
        "if np.isfinite(answer).all() and not (",
        "test_answers.py::nobody_can_act_on",
    ),
    Mutant(
        "any shape is accepted",
        "Firm.checked",
        "if answer.shape != shape:",
        "if False:",
        "test_answers.py::another_shape",
    ),
    Mutant(
        "the wrong replication is named",
        "Firm.checked",
        "self.weather.replications[bad[-1]]",
        "self.weather.replications[bad[0]]",
        "test_answers.py::nobody_can_act_on",
    ),
    Mutant(
        "a rule hands out what is not there",
        "refuse_more_than_there_is",
        "        if excess.any():",
        "        if False:",
        "test_answers.py::hands_out",
    ),
    Mutant(
        "rounding of the backlog stops the company",
        "ship",
        'np.maximum(ledger.level["backlog"], 0.0)',
        'ledger.level["backlog"]',
        "test_goods.py::below_nothing",
    ),
    Mutant(
        "rounding of stock stops the company",
        "ship",
        'np.maximum(ledger.level["on_hand"][sold], 0.0)',
        'ledger.level["on_hand"][sold]',
        "test_goods.py::below_nothing",
    ),
    # --- market, customers, sales, pipeline ---
    Mutant(
        "rounding makes units",
        "rounded.total",
        "running(exact) + 0.5",
        "running(exact) + 0.5 + 0.01 * np.arange(len(exact))[:, None]",
        "test_market.py::half_a_unit",
    ),
    Mutant(
        "what is pulled forward comes again after the promotion",
        "Promotion.course",
        "after * taken /",
        "0 * after * taken /",
        "test_market.py::pulls_forward_is_missing",
    ),
    Mutant(
        "planners are told everything",
        "_effects.told",
        "np.inf if event.known is None else",
        "0.0 if event.known is None else",
        "test_market.py::announced",
    ),
    Mutant(
        "what happened is taken for usual",
        "Past.usual.rates",
        "rates = np.where(moved > TINY, self.rates / np.maximum(moved, TINY), self.told.expected)",
        "rates = self.rates",
        "test_market.py::taken_for_usual",
    ),
    Mutant(
        "safety stock is held for what is gone",
        "needed",
        "held * needed_for(firm, sold[:2].min(axis=0))",
        "held",
        "test_market.py::after_the_end",
    ),
    Mutant(
        "customers forget the part of a unit",
        "Customers.ordered",
        "np.subtract(exact, whole, out=self.part)",
        "pass",
        "test_market.py::loyalty_leaves",
    ),
    Mutant(
        "loyalty comes back as fast as it goes",
        "Customers._think.speed",
        "np.where(deserved < level, self.fall, self.rise)",
        "self.fall",
        "test_market.py::months_end",
    ),
    Mutant(
        "a call-off asks again whether the customer is loyal",
        "Customers.come_about",
        "self.asked[deal[fresh]] = True",
        "pass",
        "test_market.py::pipeline_holds",
    ),
    Mutant(
        "pulled orders come a second time",
        "Sales._take",
        "self.taken[day] = self.taken.get(day, 0.0) + now",
        "self.taken[day] = self.taken.get(day, 0.0) + 0.5 * now",
        "test_market.py::moved_never_made",
    ),
    Mutant(
        "the limit of the push is forgotten",
        "Sales._pull.share",
        "np.minimum(gap, self.may_pull)",
        "gap",
        "test_market.py::stays_within",
    ),
    Mutant(
        "an alert comes when nothing can be mended",
        "Sales._watch_attainment",
        "and self._days_left() > self.force.push_days",
        "",
        "test_market.py::alert_is_raised",
    ),
    Mutant(
        "a deal passes by what is said",
        "through_stages.passes",
        "< stage.passes",
        "< stage.says",
        "test_market.py::as_often_as",
    ),
    Mutant(
        "parts of what ends are bought as ever",
        "OrderUpTo._norms.level",
        "return view.at_most_to_come(use[0] * (view.lead_time + self.days - 1) + view.safety_stock)",
        "return use[0] * (view.lead_time + self.days - 1) + view.safety_stock",
        "test_market.py::last_time",
    ),
    Mutant(
        "the way to the customer takes no time",
        "Firm._open_calendars",
        " - self.company.way(s)",
        "",
        "test_market.py::leaves_the_dock",
    ),
    # --- money ---
    Mutant(
        "the financial plan learns from the month that is not over",
        "Learnt",
        "slice(int(start[self.first]), int(start[self.month]))",
        "slice(int(start[self.first]), int(start[self.month + 1]))",
        "test_accounts.py::no_book_of_tomorrow",
    ),
    Mutant(
        "the financial plan begins with the balances of the first morning",
        "PlannedMoney",
        "past.balance(name, self.first - 1)[lane]",
        "past.balance(name, -1)[lane]",
        "test_accounts.py::planned_balance_sheet",
    ),
    Mutant(
        "what customers owed before the first day is never paid",
        "paid_later",
        "+= before[mine].sum()",
        "+= 0 * before[mine].sum()",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "all customers are granted the company's penalty",
        "Company.penalty",
        "self.finance.late_penalty if own is None else own",
        "self.finance.late_penalty",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "goods are paid for while they are on their way",
        "Terms._customers",
        "s.payment_days + way.transport_days",
        "s.payment_days",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "what is late is invoiced when it falls due",
        "Valued.shipped",
        "due - lost - self._growth(self.owed",
        "due - lost - 0 * self._growth(self.owed",
        "test_accounts.py::customers_owe",
    ),
    Mutant(
        "suppliers are paid on the spot",
        "Terms._suppliers",
        "suppliers[name].payment_days for name",
        "0 * suppliers[name].payment_days for name",
        "test_accounts.py::suppliers_are_owed",
    ),
    Mutant(
        "finished goods stay in the value of the floor",
        "MONEY_FLOWS",
        '"finished": (WORK_IN_PROCESS, STOCK)',
        '"finished": (OUTSIDE, STOCK)',
        "test_accounts.py::work_in_process",
    ),
    Mutant(
        "parts cost nothing when they are used",
        "MONEY_FLOWS",
        '"used": (STOCK, WORK_IN_PROCESS)',
        '"used": (OUTSIDE, WORK_IN_PROCESS)',
        "test_accounts.py::stock_is_worth",
    ),
    Mutant(
        "bad debt is forgotten in the profit",
        "SERVICE_COSTS",
        '"penalties", "bad_debt", "storage"',
        '"penalties", "storage"',
        "test_accounts.py::every_line",
    ),
    Mutant(
        "interest bears no interest",
        "Journal._interest",
        "taken += interest[end - 1]",
        "taken += 0 * interest[end - 1]",
        "test_accounts.py::interest_is_charged",
    ),
    Mutant(
        "wages are paid when the month begins",
        "at_month_end",
        "paid[month_start[1:] - 1]",
        "paid[month_start[:-1]]",
        "test_accounts.py::wages_and_fixed_cost",
    ),
    Mutant(
        "lateness is charged to nobody's margin",
        "by_order",
        '"penalties": owed * late',
        '"penalties": 0 * owed * late',
        "test_accounts.py::margins_of_all_groups",
    ),
    Mutant(
        "orders in the backlog count as lost volume",
        "Budget.explained",
        "self.value(self.shipped, margin) - asked",
        "self.value(self.shipped, margin) - 2 * asked",
        "test_accounts.py::budget_and_result",
    ),
    # --- suppliers ---
    Mutant(
        "what is rejected stays on order",
        "EXTRA_FLOWS",
        '"rejected": ("on_order", OUTSIDE)',
        '"rejected": (OUTSIDE, OUTSIDE)',
        "test_supply.py::on_order_until",
    ),
    Mutant(
        "bad units are paid",
        "unload",
        "flow(came * buying.sources.price)",
        "flow(buying.punctual[slot] + came * 0)",
        "test_supply.py::sources_add_up",
    ),
    Mutant(
        "broken units are rejected",
        "inspect.rejected",
        "rejected = np.floor(buying.part_rejected + TINY)",
        "rejected = buying.part_rejected.copy()",
        "test_supply.py::sources_add_up",
    ),
    Mutant(
        "a month's capacity is never used up",
        "shared_out",
        "buying.left -= taken_on[:rows]",
        "buying.left -= 0 * taken_on[:rows]",
        "test_supply.py::more_than_its_capacity",
    ),
    Mutant(
        "what waits for a month's capacity is forgotten",
        "place_orders",
        "    buying.waiting += waiting\n",
        "",
        "test_supply.py::no_source_delivers or on_order_until or waits_for_its_month",
    ),
    Mutant(
        "a supplier who is out delivers all the same",
        "held_up",
        "return [(units - waits, day), (waits, day + delay)]",
        "return [(units - waits, day), (waits, day)]",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "a lane that is closed lets everything through",
        "arrivals",
        "parcels += held_up(firm, amount, day, n.outage_of_route[rows])",
        "parcels += [(amount, day)]",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "inspection takes no time",
        "send.in_stock",
        "in_stock = day + n.inspection[rows]",
        "in_stock = day",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "later orders of a supplier overtake",
        "arrivals.day",
        "np.maximum(start + lead, last))",
        "start + lead)",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "a late delivery counts as punctual",
        "send.in_time",
        "in_time = punctual & (in_stock <= today + n.promise[rows])",
        "in_time = punctual & (in_stock <= today + n.promise[rows] + 1)",
        "test_supply.py::followed_by_hand",
    ),
    Mutant(
        "shares are turned round",
        "Shares.__call__",
        "np.where(share > 0, share, 1e-9)",
        "np.where(share > 0, 1 / share, 1e-9)",
        "test_supply.py::shares_are_kept",
    ),
    Mutant(
        "express costs nothing",
        "place_orders.extra",
        "extra = express * n.sources.price * n.sources.premium",
        "extra = 0 * express * n.sources.price * n.sources.premium",
        "test_supply.py::express_costs",
    ),
    Mutant(
        "sites that are out work on",
        "Purchasing.site_share",
        "return np.asarray(1.0 - self.lost_share(things))",
        "return np.asarray(1.0 + 0 * self.lost_share(things))",
        "test_supply.py::fewer_hours",
    ),
    Mutant(
        "planners know of an outage before they are told",
        "_enter",
        "_latest(first - disruption.warning, len(day))",
        "_latest(first - disruption.warning - 12, len(day))",
        "test_supply.py::told_no_sooner",
    ),
    Mutant(
        "the luck of a disruption hangs on its place in the list",
        "outages.stream",
        '"/".join([*thing, str(seen[thing])])',
        "str(len(seen))",
        "test_supply.py::another_disruption",
    ),
    Mutant(
        "a run is held to the plan that was approved in the course of the month",
        "Sheet.planned",
        "self.read.planned(cube, month)",
        "self.read.in_force(cube, month, self.read.days.count)",
        "test_one_figure.py::units_of_a_month",
    ),
    Mutant(
        "the report takes all that was released for production",
        "LastMonth.production",
        "self.now.made(*self.span)",
        "self.now.flow('released', *self.span)[self.now.n.sold]",
        "test_one_figure.py::units_of_a_month",
    ),
    Mutant(
        "a plan is kept on the whole, not family by family",
        "plan_attainment",
        "1 - ratio(off.sum(axis=0, keepdims=True)",
        "1 - ratio(off.max(axis=0, keepdims=True)",
        "test_one_figure.py::plan_attainment",
    ),
    Mutant(
        "a plan is in force from the day on which it is approved",
        "Reading.version",
        "np.where(effective <= day,",
        "np.where(self.days.month_start[made] <= day,",
        "test_one_figure.py::plan_attainment",
    ),
    # --- causes ---
    Mutant(
        "the plan answers for nothing",
        "Lost.not_served",
        "np.maximum(short - explained, 0.0)",
        "0.0 * short",
        "test_causes.py::causes_add_up",
    ),
    Mutant(
        "a shortage is put down to all that was missing, not to its share of it",
        "Lost.not_served",
        "short / np.maximum(np.maximum(unserved, found), TINY)",
        "short / np.maximum(unserved, TINY)",
        "test_causes.py::causes_add_up",
    ),
    Mutant(
        "more is held back than was not made",
        "Lost.not_made",
        "held = np.minimum(held, below)",
        "held = 1.0 * held",
        "test_causes.py::causes_add_up",
    ),
    Mutant(
        "the first resource is nobody's cause",
        "Lost.rows_of",
        "slice(0, items) if cause == Cause.PARTS else slice(items, self.inputs)",
        "slice(0, items) if cause == Cause.PARTS else slice(items + 1, self.inputs)",
        "test_causes.py::fill_rate_are_one",
    ),
    # --- forks ---
    Mutant(
        "deals in sight are gone in a fork",
        "KnownDeals.__init__",
        "run.day() < self.day",
        "run.day() < 0",
        "test_fork.py::nothing_that_is_known",
    ),
    Mutant(
        "an outage that goes on is forgotten in a fork",
        "_as_it_stands",
        "return 2 * over + 1, lasting",
        "return 2 * over, 0.0",
        "test_fork.py::what_runs_on",
    ),
    Mutant(
        "the mood of a month changes within it",
        "Fork.known",
        '"month": self.month + 1',
        '"month": self.month',
        "test_fork.py::nothing_that_is_known",
    ),
    Mutant(
        "orders that were pulled forward are drawn again",
        "_orders_known",
        "known = max(known, ",
        "known = min(known, ",
        "test_fork.py::nothing_that_is_known",
    ),
    Mutant(
        "as many deals come in what is left of a month as in all of it",
        "DealTable._appearing",
        "rate * (1 - over)",
        "rate * (1 + 0 * over)",
        "test_fork.py::follows_the_law",
    ),
    # --- decisions ---
    Mutant(
        "what was decided once is held for ever by a rule that keeps its first stock",
        "plan_supply",
        "drafted.shape)[month] = drafted",
        "drafted.shape)[month] = firm.decided.safety_stock(month, drafted, plans.demand[month])",
        "test_decisions.py::static_safety_stock",
    ),
    Mutant(
        "overtime of a month is spread over days that are over",
        "Decided.working_days",
        "first = max(first, effective) if decision.month == decision.taken else first",
        "first = min(first, effective) if decision.month == decision.taken else first",
        "test_decisions.py::production_and_overtime",
    ),
    Mutant(
        "the shortage rule overrules what was decided",
        "balance",
        "firm.decided.safety_stock(month, held, plans.demand[month])",
        "held",
        "test_decisions.py::even_in_shortage",
    ),
    Mutant(
        "an option goes on from what the one before it did that day",
        "on_the_morning",
        "again.ledger.turn_page()",
        "again.ledger.day += 0",
        "test_decisions.py::share_their_past",
    ),
]


def planted(mutant, folder):
    """A copy of the project with the bug in it."""
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name, **({"ignore": shutil.ignore_patterns("__pycache__")} if source.is_dir() else {}))
    if mutant:
        (place,) = places(mutant)
        file = folder / "simulator" / place.file
        text = file.read_text(encoding="utf-8")
        bug = text[place.begin : place.end].replace(mutant.old, mutant.new)
        file.write_text(text[: place.begin] + bug + text[place.end :], encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Place:
    """Where a named thing stands: its file, and the span of its text."""

    file: str
    begin: int
    end: int


def places(mutant):
    """List the functions, classes and tables of that name whose text holds once what the bug replaces."""
    simulator = ROOT / "simulator"
    found = []
    for file, named in _named_things().items():
        text = (simulator / file).read_text(encoding="utf-8")
        found += [Place(file, *span) for name, *span in named if name == mutant.where]
        found = [place for place in found if place.file != file or text[place.begin : place.end].count(mutant.old) == 1]
    return found


@functools.cache
def _named_things():
    """List by file of the simulator each named thing with the span of its text."""
    simulator = ROOT / "simulator"
    return {
        str(path.relative_to(simulator)): list(_named_in(path.read_text(encoding="utf-8")))
        for path in sorted(simulator.rglob("*.py"))
    }


def _named_in(text):
    starts = [0, *itertools.accumulate(len(line) for line in text.splitlines(keepends=True))]

    def walk(node, scope):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                name = ".".join([*scope, child.name])
                first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
                yield name, starts[first - 1], starts[child.end_lineno]
                yield from walk(child, [*scope, child.name])
            elif isinstance(child, (ast.Assign, ast.AnnAssign)):
                target = child.targets[0] if isinstance(child, ast.Assign) else child.target
                if isinstance(target, ast.Name):
                    yield ".".join([*scope, target.id]), starts[child.lineno - 1], starts[child.end_lineno]
            elif not isinstance(child, ast.expr):
                yield from walk(child, scope)

    yield from walk(ast.parse(text), [])


def outcome(folder, tests):
    """Run tests in a copy: pytest's exit status and its last lines."""
    file, _, part = tests.partition("::")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow",
               f"tests/laws/{file}", *(["-k", part] if part else [])]  # fmt: skip
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
    run = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout[-2_000:] + run.stderr[-2_000:]
