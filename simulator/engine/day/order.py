"""Order: customers sign, and what they signed falls due."""

from __future__ import annotations

import numpy as np

from simulator.engine.firm import Firm
from simulator.kernel.lanes import total
from simulator.kernel.units import Array


def take_orders(firm: Firm) -> None:
    """Each morning enter today's signatures in the order book, and take out what is due today."""
    if firm.sales:
        firm.sales.open_day()
    signed = sign(firm)
    firm.ledger.move("signed", signed)
    firm.signed_by_month[firm.past_months + firm.view.month] += total(signed)
    if firm.sales:
        firm.sales.record(signed)
    see_deals(firm)
    due_today = firm.falling_due[firm.today % len(firm.falling_due)]
    firm.ledger.move("due", due_today)
    firm.demand_by_month[firm.past_months + firm.view.month] += total(due_today)
    due_today[...] = 0.0
    firm.over[firm.network.sold] = ~firm.network.is_part[firm.network.sold]  # nothing is released by now


def sign(firm: Firm) -> Array:
    """Today's signatures by segment and product; each is posted to the working day on which it falls due."""
    day, weather = firm.today, firm.weather
    signed: Array = weather.signed[day]
    if firm.sales:
        signed = firm.sales.arranged(signed)
    signed = firm.mandates.lifted(signed)
    if firm.customers:
        signed = firm.customers.ordered(signed)
    for segment, lead_time in enumerate(firm.requested):
        due = firm.calendar.next_working[day + lead_time]
        promised = firm.promises.keep(segment, int(due), signed[segment])
        firm.falling_due[due % len(firm.falling_due), segment] += promised
    if day == 0 and firm.owed:
        signed = with_open_orders(firm, signed)
    deals = weather.signings.on(day)
    if deals.start == deals.stop:
        return signed
    s, p, lane, quantity = (
        getattr(weather.signings, name)[deals] for name in ("segment", "product", "lane", "quantity")
    )
    if firm.customers:
        quantity = quantity * firm.customers.come_about(weather.signings, deals)
    quantity = quantity * firm.mandates.stands(weather.signings, deals)
    due_on = firm.promises.dates(weather.signings, deals, quantity)
    book = firm.falling_due
    np.add.at(book, (due_on % len(book), s, p, lane), quantity)
    everything: Array = signed.copy()
    np.add.at(everything, (s, p, lane), quantity)
    return everything


def with_open_orders(firm: Firm, signed: Array) -> Array:
    """Enter what was signed before the first day with the day on which it falls due; it counts as signed on the first."""
    everything: Array = signed.copy()
    for due, segment, product, units in firm.owed:
        firm.falling_due[due % len(firm.falling_due), segment, product] += units
        everything[segment, product] += units
    return everything


def see_deals(firm: Firm) -> None:
    """Today's news of frame contracts and deals: signed, called off, seen, slipped, won or lost."""
    if firm.call_offs and firm.today in firm.days.month_start:
        firm.call_offs.turn_month(firm.deals["frames"], firm.view.month)
    for kind, news in (("frames", firm.weather.frames), ("projects", firm.weather.projects)):
        today = news.on(firm.today)
        if today.start == today.stop:
            continue
        month = np.clip(news.month[today], 0, len(firm.deals[kind]) - 1)
        where, quantity = (month, news.product[today], news.lane[today]), news.quantity[today]
        if firm.customers:
            quantity = quantity * firm.customers.come_about(news, today)
        if kind == "projects":
            quantity = quantity * firm.mandates.stands(news, today)
        np.add.at(firm.deals[kind], where, quantity)
        if kind == "projects":
            np.add.at(firm.deals["weighted"], where, quantity * news.weight[today])
            if firm.pipeline:
                firm.pipeline.watch(news, today, quantity)
    if firm.pipeline:
        firm.pipeline.record()
