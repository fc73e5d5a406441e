"""Counts what LibreOffice took for formulas in a flat document, and compares its first column with a list of ids.

formulas.py DOCUMENT.fods IDS.txt
"""

import json
import sys
import xml.etree.ElementTree as xml

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
wanted = open(sys.argv[2]).read().split()
formulas, ids, widest = 0, [], 0
for _, node in xml.iterparse(sys.argv[1]):
    if node.tag == TABLE + "table-cell":
        formulas += TABLE + "formula" in node.attrib
    elif node.tag == TABLE + "table-row":
        cells = node.findall(TABLE + "table-cell")
        filled = [cell for cell in cells if cell.find(TEXT + "p") is not None]
        if filled:
            ids.append("".join(cells[0].find(TEXT + "p").itertext()) if cells[0] in filled else "")
            width = 0
            for cell in cells:
                if cell in filled:
                    last = width
                width += int(cell.get(TABLE + "number-columns-repeated", "1"))
            widest = max(widest, last + 1)
        node.clear()
    elif node.tag == TABLE + "table":
        break
json.dump({"formulas": formulas, "ids": sum(a == b for a, b in zip(ids[1:], wanted)), "rows": len(ids), "widest": widest}, sys.stdout)
