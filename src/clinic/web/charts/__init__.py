"""Clinical charts: pure functions from a description of a scene to SVG markup.

``scene`` says what a chart holds, ``drawing`` turns it into SVG, ``levels`` describes a predicted
plasma level. Colours, dashes and fonts are CSS classes, so that one drawing serves light, dark and
paper. Nothing here knows about Django; everything that is text is escaped.
"""
