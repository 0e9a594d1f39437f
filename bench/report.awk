# SPDX-License-Identifier: GPL-2.0-only
# See report. All that was measured is in ticks of the time base, 2.5 instructions each.

function fail(text) {
	print "kvm44x: bench: " text >"/dev/stderr"
	failed = 1
	exit 1
}

# Of the fields of $0 from the one on
function median(from,    n, i, j, v, t) {
	for (i = from; i <= NF; i++) {
		t = $i + 0
		for (j = n++; j > 0 && v[j - 1] > t; j--)
			v[j] = v[j - 1]
		v[j] = t
	}
	return n % 2 ? v[(n - 1) / 2] : (v[n / 2 - 1] + v[n / 2]) / 2
}

function range(from,    i, least, most) {
	least = most = $from
	for (i = from; i <= NF; i++) {
		least = $i + 0 < least ? $i + 0 : least
		most = $i + 0 > most ? $i + 0 : most
	}
	return sprintf("%.1f to %.1f M", instructions(least) / 1e6, instructions(most) / 1e6)
}

function instructions(ticks) {
	return ticks * TICK
}

# The same loop everywhere: two instructions each time around
function calibrate(where, per) {
	if (per < 2 * 0.999 || per > 2 * 1.001)
		fail("the clock of " where " does not count instructions: " per / 2 \
		     " times what was executed")
}

function read_operations(dir,    file, i, part, per) {
	file = dir "/operations"
	while ((getline <file) > 0) {
		if ($1 == "op") {
			per = instructions(median(4)) / $3
			# less the empty loop, so one of the two
			if ($2 == "calibration")
				calibrate("a VM", per + 1)
			else
				op[dir, $2] = per
			batches[$2] = $3 * (NF - 3)
		} else if ($1 == "counters") {
			for (i = 3; i <= NF; i++) {
				split($i, part, "=")
				counter[dir, $2, part[1]] = part[2] / batches[$2]
			}
		}
	}
	close(file)
}

# Times of the loads, of the boots, and in a VM the counters
function read_linux(dir, where,    file, part, boot, boots) {
	file = dir "/" where
	part = "loads"
	while ((getline <file) > 0) {
		if ($1 == "host")
			host = $2
		else if ($1 == "part")
			part = $2
		else if ($1 == "boot")
			boot = $2
		else if ($1 == "load" && $2 == "calibration")
			calibrate("Linux, " where, instructions(median(4)) / $3)
		else if ($1 == "load")
			linux[dir, $2, where] = instructions(median(4)) / $3
		else if ($1 == "end")
			operations[dir, $2] = $3
		else if ($1 == "stat" && $3 == "boot" && part != "idle")
			exits[dir, part == "loads" ? "boot" : part, $4] = $5
		else if ($1 == "stat")
			exits[dir, $3, $4] = $2 == "end" ? $5 - exits[dir, $3, $4] : $5
		else if ($1 == "wakeups")
			linux[dir, "idle_wakeup", where] = instructions($3) / $2
		# the bare machine's clock starts with it
		if ((where == "bare" && $1 == "boot") || $1 == "entry")
			boots[part == "loads" ? "boot" : part] = boots[part == "loads" ? "boot" : part] " " \
				(where == "bare" ? boot : boot - $2)
	}
	for (part in boots) {
		$0 = boots[part]
		linux[dir, part, where] = instructions(median(1))
		spread[dir, part, where] = range(1)
		delete boots[part]
	}
	close(file)
	operations[dir, "boot"] = operations[dir, "boot_console"] = 1
}

function number(v) {
	if (v == "" || v == "-")
		return "-"
	return sprintf(v < 100 ? "%.1f" : "%.0f", v)
}

function ratio(dir, key) {
	return linux[dir, key, "guest"] / linux[dir, key, "bare"]
}

function have(dir, key) {
	return (dir, key, "guest") in linux && (dir, key, "bare") in linux
}

# --- the tables ---

function operations_table(    i, key) {
	print "One operation, instructions (less is better)\n"
	printf "%-18s %9s", "", "kvm44x"
	if (base)
		printf " %9s", "base"
	printf " %7s %9s %9s\n", "goal", "old-440", "e500v2"
	for (i = 1; i <= nops; i++) {
		key = ops[i]
		printf "%-18s %9s", key, (this, key) in op ? number(op[this, key]) : "-"
		if (base)
			printf " %9s", (base, key) in op ? number(op[base, key]) : "-"
		printf " %7s %9s %9s", goal[key], old[key], e500[key]
		if (key in missing)
			printf "  not measured: %s", missing[key]
		else if ((this, key "_unguarded") in op)
			printf "  of this for the tlbsx guard: %s", \
				number(op[this, key] - op[this, key "_unguarded"])
		printf "\n"
	}
}

function linux_table(    i, key) {
	print "\nA Linux guest, instructions for one operation, and the ratio to the bare machine\n"
	printf "%-18s %11s %12s %7s", "", "bare", "guest", "ratio"
	if (base)
		printf " %7s", "base"
	printf " %6s %8s %7s  %s\n", "goal", "old-440", "e500v2", "tlbsx guard, of the guest's"
	for (i = 1; i <= nloads; i++) {
		key = loads[i]
		printf "%-18s %11s %12s %7.2f", key, number(linux[this, key, "bare"]), \
			number(linux[this, key, "guest"]), ratio(this, key)
		if (base)
			printf " %7.2f", have(base, key) ? ratio(base, key) : 0
		printf " %6s %8s %7s  %s\n", goal[key], old[key], e500[key], guard(this, key)
	}
	printf "%-18s %11s %12s", "idle_wakeup", "", number(linux[this, "idle_wakeup", "guest"])
	if (base)
		printf "  (base: %s)", number(linux[base, "idle_wakeup", "guest"])
	printf "\n\nBoots in a VM: %s; boot_console: %s", spread[this, "boot", "guest"], \
		spread[this, "boot_console", "guest"]
	print "\nTicks of the time base times 2.5; time in which a CPU waits is not left out, but for idle_wakeup."
	print "tlbsx guard: what only an emulated host needs. For operations measured; for Linux estimated:"
	printf "drops counted, times %s instructions, what a drop costs mmio_read.\n", number(drop_cost(this))
}

function drop_cost(dir) {
	return (op[dir, "mmio_read"] - op[dir, "mmio_read_unguarded"]) / \
	       counter[dir, "mmio_read", "tlbsx_guard_drops"]
}

function per_operation(dir, key, name,    n) {
	n = exits[dir, key, name]
	# calibration, which does nothing, has what reading the counters costs
	if (key !~ /^boot/)
		n -= exits[dir, "calibration", name]
	return (n > 0 ? n : 0) / operations[dir, key]
}

function all_exits(dir, key,    name, i, n, sum) {
	n = split("privileged syscall dtlb itlb dsi isi host_irq fp other", name, " ")
	for (i = 1; i <= n; i++)
		sum += per_operation(dir, key, name[i] "_exits")
	return sum
}

function guard_cost(dir, key) {
	return per_operation(dir, key, "tlbsx_guard_drops") * drop_cost(dir)
}

function guard(dir, key) {
	if (!((dir, key, "privileged_exits") in exits))
		return "-"
	return sprintf("%.1f %%", 100 * guard_cost(dir, key) / linux[dir, key, "guest"])
}

# Exits of each kind for one operation
function exits_table(    i, key, n, all) {
	printf "\n%-18s %11s %11s %11s %11s %11s %11s\n", "exits for one", "all", "privileged", "syscall", \
		"TLB miss", "MMIO", "other"
	for (i = 1; i <= nloads; i++) {
		key = loads[i]
		if (!((this, key, "privileged_exits") in exits))
			continue
		n["privileged"] = per_operation(this, key, "privileged_exits")
		n["syscall"] = per_operation(this, key, "syscall_exits")
		n["mmio"] = per_operation(this, key, "mmio_exits")
		# an access to a device misses, too
		n["miss"] = per_operation(this, key, "dtlb_exits") + \
			    per_operation(this, key, "itlb_exits") - n["mmio"]
		all = all_exits(this, key)
		printf "%-18s %11s %11s %11s %11s %11s %11s\n", key, number(all), number(n["privileged"]), \
			number(n["syscall"]), number(n["miss"]), number(n["mmio"]), \
			number(all - n["privileged"] - n["syscall"] - n["miss"] - n["mmio"])
	}
}

# --- results.json ---

function json_values(dir, indent,    i, key, comma) {
	printf "%s\"operations\": {", indent >json
	for (i = 1; i <= nops; i++) {
		if (!((dir, ops[i]) in op))
			continue
		printf "%s\n%s\t\"%s\": %.2f", comma, indent, ops[i], op[dir, ops[i]] >json
		comma = ","
	}
	printf "\n%s},\n%s\"linux\": {", indent, indent >json
	for (i = 1; i <= nloads; i++) {
		key = loads[i]
		if (have(dir, key))
			printf "\n%s\t\"%s\": {\"bare\": %.2f, \"guest\": %.2f, \"ratio\": %.3f},", indent, key, \
				linux[dir, key, "bare"], linux[dir, key, "guest"], ratio(dir, key) >json
	}
	printf "\n%s\t\"idle_wakeup\": {\"guest\": %.0f}", indent, linux[dir, "idle_wakeup", "guest"] >json
	printf "\n%s},\n%s\"tlbsx_guard\": {", indent, indent >json
	comma = ""
	for (i = 1; i <= nops; i++) {
		key = ops[i]
		if ((dir, key "_unguarded") in op) {
			printf "%s\n%s\t\"%s\": %.2f", comma, indent, key, \
				op[dir, key] - op[dir, key "_unguarded"] >json
			comma = ","
		}
	}
	for (i = 1; i <= nloads; i++) {
		key = loads[i]
		if ((dir, key, "privileged_exits") in exits)
			printf ",\n%s\t\"%s\": %.2f", indent, key, guard_cost(dir, key) >json
	}
	printf "\n%s}", indent >json
}

function write_json(    i, key, comma) {
	printf "{\n\t\"unit\": \"instructions\",\n" >json
	printf "\t\"host\": \"Linux %s, qemu-system-ppc %s -M bamboo -m 512 -icount shift=0,sleep=off\",\n", host, qemu >json
	printf "\t\"guest\": \"Linux %s, 128 MB, vm44x\",\n", host >json
	json_values(this, "\t")
	printf ",\n\t\"not_measured\": {" >json
	for (i = 1; i <= nops; i++) {
		key = ops[i]
		if (key in missing) {
			printf "%s\n\t\t\"%s\": \"%s\"", comma, key, missing[key] >json
			comma = ","
		}
	}
	printf "\n\t}" >json
	if (base) {
		printf ",\n\t\"base\": {\n" >json
		json_values(base, "\t\t")
		printf "\n\t}" >json
	}
	printf "\n}\n" >json
}

BEGIN {
	TICK = 2.5
	missing["mfdcr_kernel"] = missing["irqfd_to_handler"] = \
		"the module has no interrupt controller yet"

	split(dirs, dir, " ")
	this = dir[1]
	base = dir[2]
	while ((getline <peers) > 0) {
		if (/^# a Linux guest/)
			in_linux = 1
		if (/^#/ || NF != 4)
			continue
		if (in_linux)
			loads[++nloads] = $1
		else
			ops[++nops] = $1
		goal[$1] = $2
		old[$1] = $3
		e500[$1] = $4
	}
	close(peers)
	for (i = 1; i in dir; i++) {
		read_operations(dir[i])
		read_linux(dir[i], "bare")
		read_linux(dir[i], "guest")
	}
	for (i = 1; i <= nops; i++)
		if (!((this, ops[i]) in op) && !(ops[i] in missing))
			fail(ops[i] " was not measured")
	for (i = 1; i <= nloads; i++)
		if (!have(this, loads[i]))
			fail(loads[i] " was not measured")

	operations_table()
	linux_table()
	if (profile)
		exits_table()
	write_json()
	print "\n" json
}
