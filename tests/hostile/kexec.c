// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec VMLINUX INITRD COMMAND-LINE: boots another kernel from this one, without
 * a reset. The device tree is this kernel's own, with another /chosen.
 */
#include <elf.h>
#include <err.h>
#include <fcntl.h>
#include <libfdt.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where things go, in physical memory; the kernel has what is below */
#define STUB   0x03000000u
#define FDT    0x03010000u
#define INITRD 0x04000000u
#define PAGE   4096u

#define FDT_SPACE 0x4000u

struct segment {
	const void *from;
	size_t size;
	uint32_t to;
	size_t room;
};

static struct segment segments[8];
static unsigned int count;

static void add(const void *from, size_t size, uint32_t to, size_t room)
{
	if (count == sizeof(segments) / sizeof(segments[0]))
		errx(1, "too many segments");
	room = (room + PAGE - 1) & ~(size_t)(PAGE - 1);
	segments[count++] = (struct segment){ from, size, to, room };
}

static void *read_file(const char *path, size_t room, size_t *size)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	ssize_t n;
	char *p;

	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	p = malloc(st.st_size + room);
	if (!p)
		err(1, "%s", path);
	for (*size = 0; (n = read(fd, p + *size, st.st_size - *size)) > 0; *size += n)
		;
	if (n < 0)
		err(1, "%s", path);
	close(fd);
	return p;
}

static uint32_t add_kernel(const char *path)
{
	size_t size;
	const Elf32_Ehdr *elf = read_file(path, 0, &size);
	const Elf32_Phdr *p = (const void *)((const char *)elf + elf->e_phoff);
	unsigned int i;

	for (i = 0; i < elf->e_phnum; i++)
		if (p[i].p_type == PT_LOAD)
			add((const char *)elf + p[i].p_offset, p[i].p_filesz, p[i].p_paddr,
			    p[i].p_memsz);
	return elf->e_entry & 0x0fffffff; /* of the linear mapping */
}

static void add_tree(size_t initrd_size, const char *arguments)
{
	size_t size;
	void *fdt = read_file("/sys/firmware/fdt", FDT_SPACE, &size);
	int chosen;

	if (fdt_open_into(fdt, fdt, size + FDT_SPACE))
		errx(1, "the device tree");
	chosen = fdt_path_offset(fdt, "/chosen");
	if (chosen < 0 || fdt_setprop_u32(fdt, chosen, "linux,initrd-start", INITRD) ||
	    fdt_setprop_u32(fdt, chosen, "linux,initrd-end", INITRD + initrd_size) ||
	    fdt_setprop_string(fdt, chosen, "bootargs", arguments))
		errx(1, "the device tree's /chosen");
	add(fdt, fdt_totalsize(fdt), FDT, fdt_totalsize(fdt));
}

int main(int argc, char **argv)
{
	/* what a kernel for 44x wants: r3 is its device tree, r4 to r7 are 0 */
	uint32_t stub[] = {
		0x3c600000 | FDT >> 16, /* lis r3 */
		0x38800000,
		0x38a00000,
		0x38c00000,
		0x38e00000,
		0x3d000000, /* lis r8, entry */
		0x61080000, /* ori r8, r8, entry */
		0x7d0903a6, /* mtctr r8 */
		0x4e800420, /* bctr */
	};
	uint32_t entry;
	void *initrd;
	size_t size;

	if (argc != 4)
		errx(2, "usage: kexec VMLINUX INITRD COMMAND-LINE");
	entry = add_kernel(argv[1]);
	stub[5] |= entry >> 16;
	stub[6] |= entry & 0xffff;
	initrd = read_file(argv[2], 0, &size);
	add(stub, sizeof(stub), STUB, sizeof(stub));
	add_tree(size, argv[3]);
	add(initrd, size, INITRD, size);
	if (syscall(SYS_kexec_load, STUB, count, segments, KEXEC_ARCH_DEFAULT))
		err(1, "kexec_load");
	sync();
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL);
	err(1, "reboot");
}
