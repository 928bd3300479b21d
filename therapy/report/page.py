"""The whole report as one HTML document that asks the network for nothing."""

from __future__ import annotations

from therapy.report.clinician import first_page
from therapy.report.details import details
from therapy.report.facts import SessionFacts
from therapy.report.html import Markup, join, tag
from therapy.report.patient_page import patient_page
from therapy.report.pictures import Pictures

STYLE = """
@page { size: A4; margin: 14mm 13mm 15mm; }
* { box-sizing: border-box; }
html { background: #fff; color: #1c2530; font: 10pt/1.4 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
body { max-width: 186mm; margin: 8mm auto; padding: 0 4mm; }
h1 { font-size: 18pt; line-height: 1.2; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 4mm 0 1.5mm; border-bottom: 1.5px solid #1c2530; padding-bottom: 1mm; }
h3 { font-size: 11.5pt; margin: 5mm 0 1.5mm; }
h1, h2, h3, caption { break-after: avoid; }
p { margin: 1.5mm 0; }
code { font: 8pt/1.3 "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: 1fr 1fr; gap: 0.4mm 5mm; margin: 1.5mm 0; font-size: 9.2pt;
  line-height: 1.35; }
dl > div { display: grid; grid-template-columns: 31mm 1fr; }
dl > div:last-child:nth-child(odd) { grid-column: 1 / -1; }
dt { color: #4b5560; }
dd { margin: 0; overflow-wrap: anywhere; }
.tiles { grid-template-columns: repeat(4, 1fr); gap: 1.6mm; }
.tiles > div, .tiles > div:last-child:nth-child(odd) { display: block; grid-column: auto; break-inside: avoid;
  border: 1px solid #b8c0c9; border-radius: 2mm; padding: 1mm 2mm; }
.tiles strong { display: block; font-size: 13.5pt; line-height: 1.25; }
.tiles span { font-size: 8.5pt; line-height: 1.25; display: block; color: #38424d; }
.simulated { border: 2px solid #7a4b00; background: #fff3d6; color: #3f2700; padding: 1.2mm 3mm; font-size: 11pt; }
.warning { border-left: 4px solid #a3001b; background: #fdeef0; padding: 1.5mm 3mm; }
.honesty, .note { font-size: 9.3pt; color: #38424d; }
figure { margin: 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { font-size: 9pt; color: #38424d; }
.pictures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 2.5mm; }
.pictures img { width: 100%; display: block; border-radius: 1mm; }
table { border-collapse: collapse; width: 100%; margin: 1.5mm 0 3mm; font-size: 9.3pt; line-height: 1.35; }
table.small { font-size: 8.6pt; }
.limits td:nth-child(3), .small td:nth-child(5), .small td:nth-child(6) { white-space: nowrap; }
ul { margin: 1mm 0; padding-left: 5mm; font-size: 9.3pt; }
caption { text-align: left; color: #38424d; padding-bottom: 1mm; }
th, td { text-align: left; vertical-align: top; padding: 0.7mm 2mm 0.7mm 0; border-bottom: 1px solid #cfd5db; }
thead th { border-bottom: 1.5px solid #1c2530; }
tbody th { font-weight: normal; white-space: nowrap; }
tr { break-inside: avoid; }
thead, caption { break-after: avoid; }
tbody tr:first-child, tbody tr:nth-child(2) { break-before: avoid; }
.patient { font-size: 12pt; }
.patient p { max-width: 150mm; }
.patient .honesty, .patient .note { font-size: 10pt; }
.lines .line { height: 10mm; border-bottom: 1px solid #4b5560; }
@media print { body { margin: 0; padding: 0; max-width: none; } .part, .patient { break-before: page; } }
@media screen { .patient { border-top: 2px dashed #8a94a0; margin-top: 14mm; } }
@media screen and (max-width: 620px) {
  dl, .tiles, .pictures { grid-template-columns: 1fr; }
  section { overflow-x: auto; }
}
"""


def report_page(facts_: SessionFacts, pictures: Pictures | None) -> str:
    """The document: the clinician's part, the details, the patient's page."""
    title = f"Session report {facts_.record.patient_code}, {facts_.record.started:%d %B %Y}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content="default-src 'none'; img-src data:; style-src 'unsafe-inline'",
        ),
        tag("title", title),
        tag("style", Markup(STYLE)),
    )
    main = tag("main", first_page(facts_, pictures), details(facts_), patient_page(facts_))
    return join([Markup("<!doctype html>\n"), tag("html", head, tag("body", main), lang="en"), "\n"])
