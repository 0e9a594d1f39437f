// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other end of the network card in the benchmark: answers the frames of init.c.
 *
 *   peer INTERFACE           on the host: waits for this interface and takes it up
 *   peer SOCKET REMOTE       beside QEMU: Unix datagram sockets, each a frame; REMOTE is QEMU's
 */
#include <err.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "frames.h"

#define PATIENCE 600 /* tenths of a second, for the other end */

static int open_interface(const char *name)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET, .sll_protocol = htobe16(FRAME_TYPE) };
	int fd = socket(AF_PACKET, SOCK_RAW, addr.sll_protocol);
	struct ifreq ifr = { .ifr_flags = 0 };
	unsigned int i;

	if (fd < 0)
		err(1, "AF_PACKET");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	for (i = 0; ioctl(fd, SIOCGIFINDEX, &ifr) < 0; i++) {
		if (i == PATIENCE)
			err(1, "%s", name);
		usleep(100000);
	}
	addr.sll_ifindex = ifr.ifr_ifindex;
	ifr.ifr_flags = IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr) < 0 || bind(fd, (void *)&addr, sizeof(addr)) < 0)
		err(1, "%s", name);
	return fd;
}

static int open_sockets(const char *local, const char *remote)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	unsigned int i;

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", local);
	if (fd < 0 || bind(fd, (void *)&addr, sizeof(addr)) < 0)
		err(1, "%s", local);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", remote);
	for (i = 0; connect(fd, (void *)&addr, sizeof(addr)) < 0; i++) {
		if (i == PATIENCE)
			err(1, "%s", remote);
		usleep(100000);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct frame f;
	ssize_t n;
	int fd;

	if (argc != 2 && argc != 3)
		errx(2, "usage: peer INTERFACE | SOCKET REMOTE");
	fd = argc == 2 ? open_interface(argv[1]) : open_sockets(argv[1], argv[2]);
	/* until the other end is gone */
	while ((n = recv(fd, &f, sizeof(f), 0)) >= 0) {
		unsigned int count = 1;

		if (n < FRAME_LEAST || f.type != htobe16(FRAME_TYPE) ||
		    (f.wish != FRAME_ECHO && f.wish != FRAME_BURST))
			continue;
		memcpy(f.to, f.from, sizeof(f.to));
		if (f.wish == FRAME_BURST) {
			count = BURST;
			n = sizeof(f);
		}
		f.wish = FRAME_ANSWER;
		while (count--)
			if (send(fd, &f, n, 0) != n)
				err(1, "send");
	}
	return 0;
}
