# SPDX-License-Identifier: GPL-2.0-only
# See programs. The input: what the loads said, the plugin's windows of the bare machine and of
# the host.

FNR == 1 { file++ }
file == 1 && $1 == "load" { name[++n] = $2 }
file == 2 && $1 != "window" { bare[$4] += $5 }
file == 3 && $1 != "window" { vm[$4] += $5; part[$4, $1] += $5 }

function share(i, place) {
	return sprintf("%.1f %%", 100 * part[i, place] / vm[i])
}

END {
	print "\nPrograms of the guest image, millions of instructions, and where those of the VM go\n"
	printf "%-18s %11s %12s %7s %9s %11s %8s %12s %11s\n", "", "bare", "guest", "ratio", "guest", "exit, entry", \
		"module", "host kernel", "user space"
	for (i = 1; i <= n; i++)
		printf "%-18s %11.1f %12.1f %7.2f %9s %11s %8s %12s %11s\n", name[i], bare[i] / 1e6, vm[i] / 1e6, \
			vm[i] / bare[i], share(i, "guest"), share(i, "switch"), share(i, "module"), \
			share(i, "kernel"), share(i, "user")
}
