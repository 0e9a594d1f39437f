# SPDX-License-Identifier: GPL-2.0-only
# Draws bars from lines "KEY KIND FIGURE GOAL OLD-440 E500V2" (KIND: operation or load; "-" where
# there is none) as SVG: a row for each key, logarithmic, its own background. Colours follow
# what the reader prefers, light or dark.

function log10(x) {
	return log(x) / log(10)
}

function x_of(kind, value) {
	return LEFT + WIDTH * log10(value / first[kind]) / log10(last[kind] / first[kind])
}

function short(v) {
	if (v >= 10000)
		return sprintf("%.0f k", v / 1000)
	return sprintf(v < 10 ? "%.2f" : v < 100 ? "%.1f" : "%.0f", v)
}

function text(class, x, y, what) {
	printf "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", class, x, y, what
}

# From the left end of the scale, with the figure behind it, and behind the mark of a goal there
function bar(class, kind, value, y, name, goal,    to, label) {
	to = x_of(kind, value < first[kind] ? first[kind] : value)
	if (to < LEFT + 2)
		to = LEFT + 2
	printf "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"1.5\">" \
	       "<title>%s: %s</title></rect>\n", class, LEFT, y, to - LEFT, BAR, name, short(value)
	label = to
	if (goal != "-") {
		goal = x_of(kind, goal)
		if (goal > to - 4 && goal < to + 34)
			label = goal > to ? goal : to
		printf "<line class=\"goal\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", \
			goal, goal, y - 2, y + BAR + 2
	}
	text("value" (class == "ours" ? " strong" : ""), label + 4, y + BAR - 0.5, short(value))
}

function grid(kind, top, bottom,    v, step) {
	for (v = first[kind]; v <= last[kind]; v *= 10) {
		printf "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", \
			v == first[kind] ? "axis" : "grid", x_of(kind, v), x_of(kind, v), top, bottom
		text("tick", x_of(kind, v), bottom + 14, v >= 1000 ? v / 1000 ",000" : v)
	}
}

function rows_of(kind,    i, n) {
	for (i = 1; i <= keys; i++)
		n += kinds[i] == kind
	return n
}

function panel(kind, title, top,    i, y, at, name, bottom) {
	text("title", 20, top, title)
	y = top + 12
	bottom = y + rows_of(kind) * ROW
	grid(kind, y, bottom)
	for (i = 1; i <= keys; i++) {
		if (kinds[i] != kind)
			continue
		name = key[i]
		text("name", LEFT - 8, y + ROW / 2 + 4, name)
		at = y + 5 + ((old[i] == "-") + (e500[i] == "-")) * (BAR + 1) / 2
		bar("ours", kind, figure[i], at, name ", kvm44x", goal[i])
		if (old[i] != "-")
			bar("old", kind, old[i], at += BAR + 1, name ", old-440", "-")
		if (e500[i] != "-")
			bar("e500", kind, e500[i], at += BAR + 1, name ", e500v2", "-")
		y += ROW
	}
	return bottom + 24
}

function legend(x, y, class, what) {
	if (class == "goal")
		printf "<line class=\"goal\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", x + 5, x + 5, y - 10, y + 1
	else
		printf "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" rx=\"1.5\"/>\n", class, x, y - 9
	text("key", x + 16, y, what)
}

NF == 6 {
	key[++keys] = $1
	kinds[keys] = $2
	figure[keys] = $3
	goal[keys] = $4
	old[keys] = $5
	e500[keys] = $6
}

END {
	LEFT = 150
	WIDTH = 560
	BAR = 7
	ROW = 3 * BAR + 10
	first["operation"] = 10
	last["operation"] = 40000
	first["load"] = 1
	last["load"] = 400
	height = 150 + (rows_of("operation") + rows_of("load")) * ROW + 44

	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 %d\" width=\"780\" height=\"%d\" role=\"img\" " \
	       "aria-label=\"What operations and loads cost in a guest of kvm44x and of its peers\">\n", height, height
	print "<style>"
	print "\ttext { font: 11px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #52514e }"
	print "\t.surface { fill: #fcfcfb } .title { font-size: 14px; font-weight: 600; fill: #0b0b0b }"
	print "\t.name { text-anchor: end; fill: #0b0b0b } .tick { text-anchor: middle }"
	print "\t.value { font-size: 9px } .strong { font-weight: 600; fill: #0b0b0b }"
	print "\t.ours { fill: #2a78d6 } .old { fill: #a3a29c } .e500 { fill: #d5d3cb }"
	print "\t.goal { stroke: #0b0b0b; stroke-width: 1.5 } .grid { stroke: #e1e0d9 } .axis { stroke: #a3a29c }"
	print "\t@media (prefers-color-scheme: dark) {"
	print "\t\ttext { fill: #c3c2b7 } .surface { fill: #1a1a19 } .title, .name, .strong { fill: #ffffff }"
	print "\t\t.ours { fill: #3987e5 } .old { fill: #86857f } .e500 { fill: #55544f }"
	print "\t\t.goal { stroke: #ffffff } .grid { stroke: #2c2c2a } .axis { stroke: #55544f }"
	print "\t}"
	print "</style>"
	printf "<rect class=\"surface\" width=\"780\" height=\"%d\"/>\n", height
	legend(20, 26, "ours", "kvm44x")
	legend(100, 26, "old", "old-440: the first KVM for the 440")
	legend(310, 26, "e500", "e500v2: Linux 6.1's KVM for e500")
	legend(520, 26, "goal", "goal of kvm44x")
	text("key", 20, 46, "Shorter is better; logarithmic.")
	y = panel("operation", "One operation: executed instructions", 74)
	panel("load", "A Linux guest: times the bare machine", y + 24)
	print "</svg>"
}
