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
		else if ($1 == "several")
			linux[dir, "life", where] = instructions($3) / $2
		else if ($1 == "wakeups")
			linux[dir, "idle_wakeup", where] = instructions($3) / $2
		else if ($1 == "executed")
			linux[dir, "idle_wakeup", where] = $3 / $2
		else if ($1 == "device") {
			if (!seen[$2]++)
				devices[++ndevices] = $2
			device[dir, $2, where] = $3
		}
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

# What the host spends on a guest's wake-up: all but what a bare machine does, too
function idle_cost(dir) {
	return linux[dir, "idle_wakeup", "guest"] - linux[dir, "idle_wakeup", "bare"]
}

# --- goals ---

# What @key's goal is about: instructions, for a load the ratio; "" if it was not measured
function figure(key) {
	if ((this, key) in op)
		return op[this, key]
	if (key == "idle_wakeup")
		return idle_cost(this)
	return have(this, key) ? ratio(this, key) : ""
}

function met(key,    v) {
	v = figure(key)
	return v != "" && v <= goal[key]
}

function goal_text(key) {
	return goal[key] != "-" && !met(key) ? goal[key] "!" : goal[key]
}

# The last line, and what JSON has of it
function targets(    i, key, v, n, count, text) {
	for (i = 1; i <= nall; i++) {
		key = all[i]
		if (goal[key] == "-")
			continue
		count++
		if (met(key)) {
			n++
			continue
		}
		v = figure(key)
		missed[++nmissed] = key
		text = text (text ? ", " : "; missed: ") key " " \
			(v == "" ? "(not measured" : "(" (v < 10 ? sprintf("%.3f", v) : number(v))) \
			", goal " goal[key] ")"
	}
	ntargets = count
	return sprintf("%d of %d targets met%s", n, count, text)
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
		printf " %7s %9s %9s", goal_text(key), old[key], e500[key]
		if ((this, key "_unguarded") in op)
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
		printf " %6s %8s %7s  %s\n", goal_text(key), old[key], e500[key], guard(this, key)
	}
	printf "%-18s %11s %12s  the host's: %s", "idle_wakeup", number(linux[this, "idle_wakeup", "bare"]), \
		number(linux[this, "idle_wakeup", "guest"]), number(idle_cost(this))
	if (base)
		printf " (base: %s)", number(idle_cost(base))
	printf ", goal %s instructions", goal_text("idle_wakeup")
	printf "\n\nBoots in a VM: %s; boot_console: %s", spread[this, "boot", "guest"], \
		spread[this, "boot_console", "guest"]
	print "\n!: the goal is missed. Ticks of the time base times 2.5; time in which a CPU waits is not left out, but for idle_wakeup."
	print "tlbsx guard: what only an emulated host needs. For operations measured; for Linux estimated:"
	printf "drops counted, times %s instructions, what a drop costs mmio_read.\n", number(drop_cost(this))
}

function devices_table(    i, key) {
	print "\nDevices, instructions that the machine executes for one request, or for 1 MB in requests of 128 KB\n"
	printf "%-18s %11s %12s %7s", "", "bare", "guest", "ratio"
	printf base ? " %7s\n" : "\n", "base"
	for (i = 1; i <= ndevices; i++) {
		key = devices[i]
		printf "%-18s %11s %12s %7.2f", key, number(device[this, key, "bare"]), \
			number(device[this, key, "guest"]), device[this, key, "guest"] / device[this, key, "bare"]
		if (base)
			printf " %7.2f", device[base, key, "guest"] / device[base, key, "bare"]
		printf "\n"
	}
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

# --- growth ---

# A cell of @width: a load's or boot's ratio to the bare machine, or what it costs a guest
function cell(dir, key, width) {
	return sprintf(" %" width "s", have(dir, key) ? sprintf("%.2f", ratio(dir, key)) : \
		number(linux[dir, key, "guest"]))
}

function growth_tables(    n, x, i, j, dir, load, other) {
	n = split("32 64 128 256 384", x, " ")
	print "\nMemory of the guest, MB: ratio to a bare machine with as much\n"
	printf "%-18s %11s %11s %15s\n", "", "boot", "getppid", "fork_exit_wait"
	for (i = 1; i <= n; i++) {
		dir = growth "/memory-" x[i]
		printf "%-18s%s%s%s\n", x[i], cell(dir, "boot", 11), cell(dir, "getppid", 11), \
			cell(dir, "fork_exit_wait", 15)
	}

	n = split("2 16 64 256 512", x, " ")
	print "\nProcesses in a ring, a byte goes around: instructions for one hop\n"
	printf "%-18s %11s %11s %11s\n", "", "bare", "guest", "ratio"
	dir = growth "/processes"
	for (i = 1; i <= n; i++)
		printf "%-18s %11s %11s %11.2f\n", x[i], number(linux[dir, "ring_" x[i], "bare"]), \
			number(linux[dir, "ring_" x[i], "guest"]), ratio(dir, "ring_" x[i])

	split("contiguous ordinary scattered", x, " ")
	j = split("boot getppid fork_exit_wait anon_page touch_1024 memcpy_64k", load, " ")
	print "\nMemory behind a guest of 128 MB: ratio to the bare machine\n"
	printf "%-18s %11s %11s %11s\n", "", x[1], x[2], x[3]
	for (n = 1; n <= j; n++) {
		printf "%-18s", load[n]
		for (i = 1; i <= 3; i++)
			printf " %11.2f", linux[growth "/backing-" x[i], load[n], "guest"] / \
				linux[this, load[n], "bare"]
		printf "\n"
	}

	n = split("1 2 4 8", x, " ")
	print "\nVMs of 32 MB at once: instructions of the host and its guests\n"
	printf "%-18s %15s %15s\n", "", "boot and load", "idle wake-up"
	for (i = 1; i <= n; i++) {
		dir = growth "/vms-" x[i]
		printf "%-18s %15s %15s\n", x[i], sprintf("%.1f M", linux[dir, "life", "guest"] / 1e6), \
			number(linux[dir, "idle_wakeup", "guest"])
	}
	print "\nBoot and load: from the start of vm44x to its end, for one VM, with the loads getppid and"
	print "fork_exit_wait; ordinary: 4 KB pages as they come; scattered: no two side by side."
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
	printf "\n%s\t\"idle_wakeup\": {\"bare\": %.0f, \"guest\": %.0f, \"host\": %.0f}", indent, \
		linux[dir, "idle_wakeup", "bare"], linux[dir, "idle_wakeup", "guest"], idle_cost(dir) >json
	printf "\n%s},\n%s\"devices\": {", indent, indent >json
	comma = ""
	for (i = 1; i <= ndevices; i++) {
		key = devices[i]
		printf "%s\n%s\t\"%s\": {\"bare\": %.1f, \"guest\": %.1f}", comma, indent, key, \
			device[dir, key, "bare"], device[dir, key, "guest"] >json
		comma = ","
	}
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
	printf ",\n\t\"goals\": {" >json
	comma = ""
	for (i = 1; i <= nall; i++) {
		key = all[i]
		if (goal[key] != "-") {
			printf "%s\n\t\t\"%s\": %s", comma, key, goal[key] >json
			comma = ","
		}
	}
	printf "\n\t},\n\t\"missed\": [" >json
	for (i = 1; i <= nmissed; i++)
		printf "%s\"%s\"", (i > 1 ? ", " : ""), missed[i] >json
	printf "]" >json
	if (base) {
		printf ",\n\t\"base\": {\n" >json
		json_values(base, "\t\t")
		printf "\n\t}" >json
	}
	printf "\n}\n" >json
}

# For plot.awk
function write_figures(    i, key) {
	for (i = 1; i <= nops + nloads; i++) {
		key = all[i]
		if (figure(key) != "")
			printf "%s %s %.3f %s %s %s\n", key, i <= nops ? "operation" : "load", figure(key), \
				goal[key], old[key], e500[key] >figures
	}
}

BEGIN {
	TICK = 2.5
	split(dirs, dir, " ")
	this = dir[1]
	base = dir[2]
	while ((getline <peers) > 0) {
		if (/^# a Linux guest/)
			in_linux++
		if (/^#/ || NF != 4)
			continue
		if (in_linux == 1)
			loads[++nloads] = $1
		else if (!in_linux)
			ops[++nops] = $1
		all[++nall] = $1
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
		if (!((this, ops[i]) in op))
			fail(ops[i] " was not measured")
	for (i = 1; i <= nloads; i++)
		if (!have(this, loads[i]))
			fail(loads[i] " was not measured")
	if (!have(this, "idle_wakeup"))
		fail("idle_wakeup was not measured")

	operations_table()
	linux_table()
	devices_table()
	if (profile)
		exits_table()
	if (growth) {
		for (i = 1; i <= split("memory-32 memory-64 memory-128 memory-256 memory-384 processes " \
				       "backing-contiguous backing-ordinary backing-scattered " \
				       "vms-1 vms-2 vms-4 vms-8", part, " "); i++) {
			read_linux(growth "/" part[i], "bare")
			read_linux(growth "/" part[i], "guest")
		}
		growth_tables()
	}
	verdict = targets()
	write_json()
	write_figures()
	print "\n" json
	print verdict
}
