// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "net.h"
#include "report.h"

#define TUN "/dev/net/tun"

static int refused(const char *name, int error)
{
	const bool exists = if_nametoindex(name);

	if (error == EPERM && exists)
		return vm_error(
			"--net: the tap '%s' is not yours: make it with 'ip tuntap add %s mode tap user NAME', or be root",
			name, name);
	if (error == EPERM)
		return vm_error(
			"--net: there is no tap '%s', and only root can make one: 'ip tuntap add %s mode tap user NAME'",
			name, name);
	if (error == EBUSY)
		return vm_error(
			"--net: the tap '%s' is in use by another process; give each VM its own",
			name);
	if (error == EINVAL && exists)
		return vm_error("--net: '%s' is a network interface, but no tap with one queue",
				name);
	return vm_error("--net: cannot open the tap '%s': %s", name, strerror(error));
}

int net_open_tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open(TUN, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	int error;

	if (fd < 0 && errno == EACCES)
		return vm_error("--net: no permission for " TUN
				": a tap needs it, '--net user' does not");
	if (fd < 0)
		return vm_error("--net: cannot open " TUN
				": %s; the host's kernel needs CONFIG_TUN, perhaps 'modprobe tun'",
				strerror(errno));
	strncpy(ifr.ifr_name, name, NET_TAP_NAME);
	/* A tap that stays has the offloads that its last user has set: frames too large for us. */
	if (!ioctl(fd, TUNSETIFF, &ifr) && !ioctl(fd, TUNSETOFFLOAD, 0))
		return fd;
	error = errno;
	close(fd);
	return refused(name, error);
}
