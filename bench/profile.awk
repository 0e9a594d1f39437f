# SPDX-License-Identifier: GPL-2.0-only
# See profile. The input is sorted by place and address: where a function begins comes
# before what was executed there. DIR gets a table for each window; its line for the
# summary goes to stdout.

BEGIN {
	split("guest switch module kernel user", places, " ")
	title["guest"] = "guest"
	title["switch"] = "exit, entry"
	title["module"] = "module"
	title["kernel"] = "host kernel"
	title["user"] = "user space"
	# NAME and how many operations, in the order of their windows
	while ((getline <out) > 0) {
		if ($1 == "op" || $1 == "load")
			measured[++marks] = $2 " " $3 * (NF - 3)
		else if ($1 == "idle")
			measured[++marks] = "idle_wakeup " $2
	}
	close(out)
}


$3 == 0 {
	place = $1
	address = $2
	name = $4
	code = $5
	next
}

$1 == "window" {
	opened_by[$2] = $4
	longest[$2] = $5 " in tier 0, " $6 " with C"
	next
}

{
	f = $1 == place ? name : "?"
	if ($1 == "guest" && what != "operations" && $2 < "c0000000")
		f = "(user programs)"
	if ($1 == "user" && ($2 != address || $6 != code))
		f = "(other programs)"
	by_function[$4, $1 " " f] += $5
	functions[$1 " " f] = 1
	by_place[$4, $1] += $5
	total[$4] += $5
}

function line(what, f, n, w, operations) {
	printf "%-12s %-44s %12.1f %7.1f %%\n", what, f, n / operations, 100 * n / total[w] >file
}

function table(w, key, operations,    i, j, k, n, f, order) {
	file = dir "/" key
	printf "%s: %.1f instructions for one, counted over %d\n\n", key, total[w] / operations, operations >file
	for (i = 1; i in places; i++)
		line(title[places[i]], "", by_place[w, places[i]], w, operations)
	printf "\nat most with interrupts off, from an exit on: %s\n\n", longest[w] >file
	n = 0
	for (f in functions) {
		k = by_function[w, f]
		# what is below a thousandth is not worth a line
		if (k * 1000 < total[w])
			continue
		for (j = n++; j > 0 && by_function[w, order[j - 1]] < k; j--)
			order[j] = order[j - 1]
		order[j] = f
	}
	for (j = 0; j < n; j++) {
		split(order[j], part, " ")
		line(title[part[1]], substr(order[j], length(part[1]) + 2), by_function[w, order[j]], w, operations)
	}
	close(file)
	printf "%s %.1f", key, total[w] / operations
	for (i = 1; i in places; i++)
		printf " %.1f", by_place[w, places[i]] / operations
	printf "\n"
}

END {
	mark = 0
	for (w = 1; w in opened_by; w++) {
		if (opened_by[w] == "boot") {
			table(w, what, 1)
			continue
		}
		if (!(++mark in measured))
			exit 1
		split(measured[mark], part, " ")
		table(w, part[1], part[2])
	}
	exit mark != marks
}
