"""One export in the dialects of spreadsheets and ERP systems, with what is wrong in each, for the tests of the import."""

import datetime as dt
import gzip
import io
import random

import xlsxwriter

ENGLISH = ("Order", "Order date", "Product", "Quantity", "Unit price", "Customer")
GERMAN = ("Belegnr", "Auftragsdatum", "Artikelnr", "Menge (Stück)", "Preis", "Käufer")
CHINESE = ("订单号", "日期", "产品编码", "数量", "单价", "客户")
PRODUCTS = ("001205", "001310", "004711", "009002")


def rows():
    """Order lines of two years on weekdays: order, date, product, quantity, price, customer."""
    chance, day, found = random.Random(7), dt.date(2023, 1, 1), []
    while day <= dt.date(2024, 12, 31):
        for _ in range(chance.choice([1, 2]) if day.weekday() < 5 else 0):
            product, units = chance.choice(PRODUCTS), 8 * chance.randint(1, 200)
            found.append(
                (
                    f"4500{len(found):06}",
                    day,
                    product,
                    units,
                    chance.randint(100, 2000) / 100,
                    f"10{chance.randint(1, 9)}",
                )
            )
        day += dt.timedelta(1)
    return found


ROWS = rows()
UNITS = sum(row[3] for row in ROWS)


def text(heads, sign=",", date="%Y-%m-%d", mark=".", above=(), below=(), units=str):
    """The export as text."""
    lines = [*above, sign.join(heads)]
    for order, day, product, quantity, price, customer in ROWS:
        lines.append(
            sign.join(
                [order, day.strftime(date), product, units(quantity), f"{price:.2f}".replace(".", mark), customer]
            )
        )
    return "\r\n".join([*lines, *below]) + "\r\n"


def two_places(units):
    """A quantity with a decimal comma."""
    return f"{units},00"


def german(heads=GERMAN, **more):
    """The export as a German Excel saves it."""
    return text(heads, ";", "%d.%m.%Y", ",", units=two_places, **more)


def serials():
    """Dates as the days that a spreadsheet counts."""
    lines = [
        f"{order},{(day - dt.date(1899, 12, 30)).days},{product},{units},{price},{customer}"
        for order, day, product, units, price, customer in ROWS
    ]
    return "\n".join([",".join(ENGLISH), *lines])


def workbook():
    """A workbook with a merged title, heads in the third row, dates as dates and a formula of totals."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, day_format = book.add_worksheet("Aufträge"), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.merge_range(0, 0, 0, 5, "Auftragsliste Werk 1000")
        sheet.write_row(2, 0, GERMAN)
        for k, (order, day, product, units, price, customer) in enumerate(ROWS):
            sheet.write_string(k + 3, 0, order)
            sheet.write_datetime(k + 3, 1, dt.datetime(day.year, day.month, day.day), day_format)
            sheet.write_string(k + 3, 2, product)
            sheet.write_row(k + 3, 3, [units, price])
            sheet.write_string(k + 3, 5, customer)
        sheet.write(len(ROWS) + 3, 0, "Summe")
        sheet.write_formula(len(ROWS) + 3, 3, "=SUM(D4:D9)", None, UNITS)
    return out.getvalue()


def dialects():
    """Files by name."""
    clean = text(ENGLISH).encode()
    return {
        "clean.csv": clean,
        "german-1252.csv": german().encode("cp1252"),
        "german-utf8.csv": german().encode("utf-8-sig"),
        "chinese-gbk.csv": text(CHINESE, ",", "%Y/%m/%d").encode("gbk"),
        "chinese-utf8.csv": text(CHINESE, ",", "%Y年%m月%d日").encode(),
        "utf16.txt": text(ENGLISH, "\t", "%d/%m/%Y").encode("utf-16"),
        "utf16-unmarked.txt": text(ENGLISH, "\t", "%d/%m/%Y").encode("utf-16-le"),
        "american.csv": text(ENGLISH, ",", "%m/%d/%Y").encode(),
        "slashes.csv": text(ENGLISH, ",", "%Y/%m/%d").encode(),
        "titled.csv": german(above=["Auftragsliste Werk 1000;;;;;", ";;;;;"], below=[f"Summe;;;{UNITS};;"]).encode(
            "cp1252"
        ),
        "serials.csv": serials().encode(),
        "compact.csv": text(ENGLISH, ",", "%Y%m%d").encode(),
        "zulu.csv": text(ENGLISH, ",", "%Y-%m-%dT09:30:00Z").encode(),
        "thousands.csv": text(ENGLISH, units=lambda units: f'"{units:,}"').encode(),
        "bars.txt": text(ENGLISH, "|", "%d-%m-%Y").encode(),
        "named.csv": text(ENGLISH, ",", "%d-%b-%y").encode(),
        "packed.csv.gz": gzip.compress(clean),
        "stated.csv": ("sep=;\r\n" + text(ENGLISH, ";")).encode(),
        "book.xlsx": workbook(),
    }
