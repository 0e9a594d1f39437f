// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader.h"
#include "report.h"

#define MIB	     ((uint64_t)1 << 20)
#define SEGMENTS_MAX 64

/* An open file of known size. */
struct file {
	const char *path, *what;
	int fd;
	uint64_t size;
};

static int file_open(struct file *f, const char *path, const char *what)
{
	struct stat st;

	f->path = path;
	f->what = what;
	/* O_NONBLOCK: do not wait for the writer of a FIFO that is refused anyway. */
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd < 0)
		return vm_error("cannot open %s '%s': %s", what, path, strerror(errno));
	if (fstat(f->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(f->fd);
		return vm_error("%s '%s' is not a regular file", what, path);
	}
	f->size = st.st_size;
	return 0;
}

/* size bytes from offset; both were checked against the size of the file. */
static int file_get(const struct file *f, void *to, uint64_t offset, uint64_t size)
{
	while (size) {
		ssize_t n = pread(f->fd, to, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vm_error("cannot read %s '%s': %s", f->what, f->path,
					strerror(errno));
		if (n == 0)
			return vm_error("%s '%s' became shorter while it was read", f->what,
					f->path);
		to = (char *)to + n;
		offset += n;
		size -= n;
	}
	return 0;
}

int file_size(const char *path, const char *what, uint32_t *size)
{
	struct file f;

	if (file_open(&f, path, what) < 0)
		return -1;
	close(f.fd);
	if (f.size == 0)
		return vm_error("%s '%s' is empty", what, path);
	if (f.size > UINT32_MAX)
		return vm_error("%s '%s' is too large: %" PRIu64 " MiB", what, path, f.size / MIB);
	*size = f.size;
	return 0;
}

int file_read(const char *path, const char *what, void *host, uint32_t size)
{
	struct file f;
	int ret;

	if (file_open(&f, path, what) < 0)
		return -1;
	ret = file_get(&f, host, 0, size);
	close(f.fd);
	return ret;
}

static int damaged(const struct file *f, const char *why)
{
	return vm_error("kernel '%s' is damaged: %s; copy or build it again", f->path, why);
}

/* Say what the file is instead, where that is easily seen. */
static int check_ident(const struct file *f, const Elf32_Ehdr *eh)
{
	static const unsigned char gzip[] = { 0x1f, 0x8b }, uimage[] = { 0x27, 0x05, 0x19, 0x56 };
	const unsigned char *id = eh->e_ident;

	if (!memcmp(id, gzip, sizeof(gzip)))
		return vm_error("kernel '%s' is compressed: give the uncompressed vmlinux",
				f->path);
	if (!memcmp(id, uimage, sizeof(uimage)))
		return vm_error("kernel '%s' is a U-Boot image: give the vmlinux it was made from",
				f->path);
	if (memcmp(id, ELFMAG, SELFMAG))
		return vm_error("kernel '%s' is not an ELF file: give a vmlinux", f->path);
	if (id[EI_CLASS] != ELFCLASS32 || id[EI_DATA] != ELFDATA2MSB ||
	    be16toh(eh->e_machine) != EM_PPC)
		return vm_error(
			"kernel '%s' is not for a 32-bit big-endian PowerPC: give one built for 44x",
			f->path);
	if (id[EI_VERSION] != EV_CURRENT)
		return damaged(f, "unknown ELF version");
	if (be16toh(eh->e_type) != ET_EXEC && be16toh(eh->e_type) != ET_DYN)
		return vm_error("kernel '%s' is an ELF file but no program: give a vmlinux",
				f->path);
	return 0;
}

static int load_segment(const struct file *f, const Elf32_Phdr *ph, struct memory *mem)
{
	uint32_t offset = be32toh(ph->p_offset);
	uint32_t filesz = be32toh(ph->p_filesz), memsz = be32toh(ph->p_memsz);
	uint64_t paddr = be32toh(ph->p_paddr);

	if (filesz > memsz)
		return damaged(f, "a segment is larger in the file than in memory");
	if ((uint64_t)offset + filesz > f->size)
		return damaged(f, "a segment reaches beyond the end of the file");
	if (paddr + memsz > UINT32_MAX)
		return damaged(f, "a segment reaches beyond 4 GiB");
	if (paddr + memsz > mem->size)
		return vm_error("kernel '%s' needs memory up to %" PRIu64
				" MiB, the guest has %" PRIu64 ": give more with --mem",
				f->path, (paddr + memsz + MIB - 1) / MIB, mem->size / MIB);
	/* The memory is new: what lies behind filesz is zero already. */
	return file_get(f, mem->host + paddr, offset, filesz);
}

static int load_segments(const struct file *f, struct memory *mem, struct kernel *kernel)
{
	Elf32_Ehdr eh;
	Elf32_Phdr ph[SEGMENTS_MAX];
	unsigned int i, count;
	bool entry_found = false;

	if (f->size < sizeof(eh))
		return vm_error("kernel '%s' is not an ELF file: it has only %" PRIu64 " bytes",
				f->path, f->size);
	if (file_get(f, &eh, 0, sizeof(eh)) < 0 || check_ident(f, &eh) < 0)
		return -1;

	count = be16toh(eh.e_phnum);
	if (be16toh(eh.e_phentsize) != sizeof(ph[0]) || !count || count > SEGMENTS_MAX)
		return damaged(f, "no usable table of segments");
	if ((uint64_t)be32toh(eh.e_phoff) + count * sizeof(ph[0]) > f->size)
		return damaged(f, "the table of segments reaches beyond the end of the file");
	if (file_get(f, ph, be32toh(eh.e_phoff), count * sizeof(ph[0])) < 0)
		return -1;

	kernel->end = 0;
	for (i = 0; i < count; i++) {
		uint32_t vaddr = be32toh(ph[i].p_vaddr), paddr = be32toh(ph[i].p_paddr);
		uint32_t memsz = be32toh(ph[i].p_memsz), entry = be32toh(eh.e_entry);

		if (be32toh(ph[i].p_type) != PT_LOAD || !memsz)
			continue;
		if (load_segment(f, &ph[i], mem) < 0)
			return -1;
		if (paddr + memsz > kernel->end)
			kernel->end = paddr + memsz;
		if (!entry_found && entry - vaddr < memsz) {
			kernel->entry = entry - vaddr + paddr;
			entry_found = true;
		}
	}
	if (!kernel->end)
		return damaged(f, "nothing in it is to be loaded");
	if (!entry_found || kernel->entry % 4)
		return damaged(f, "its entry point lies outside of its segments");
	return 0;
}

int load_kernel(const char *path, struct memory *mem, struct kernel *kernel)
{
	struct file f;
	int ret;

	if (file_open(&f, path, "kernel") < 0)
		return -1;
	ret = load_segments(&f, mem, kernel);
	close(f.fd);
	return ret;
}
