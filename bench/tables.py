"""Tables as the documents have them."""


def table(heads, rows):
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(f"{cell:,.0f}" if isinstance(cell, (int, float)) else cell for cell in row) + " |")
