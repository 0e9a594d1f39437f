// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gunzip.h"
#include "loader.h"
#include "report.h"

#define MIB	     ((uint64_t)1 << 20)
#define SEGMENTS_MAX 64

/* An open file of known size. */
struct file {
	const char *path, *option;
	int fd;
	uint64_t size;
};

static int file_open(struct file *f, const char *path, const char *option)
{
	struct stat st;

	f->path = path;
	f->option = option;
	/* O_NONBLOCK: do not wait for the writer of a FIFO that is refused anyway. */
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd < 0)
		return vm_error("--%s: cannot open '%s': %s", option, path, strerror(errno));
	if (fstat(f->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(f->fd);
		return vm_error("--%s: '%s' is not a regular file", option, path);
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
			return vm_error("--%s: cannot read '%s': %s", f->option, f->path,
					strerror(errno));
		if (n == 0)
			return vm_error("--%s: '%s' became shorter while it was read", f->option,
					f->path);
		to = (char *)to + n;
		offset += n;
		size -= n;
	}
	return 0;
}

int file_size(const char *path, const char *option, uint32_t *size)
{
	struct file f;

	if (file_open(&f, path, option) < 0)
		return -1;
	close(f.fd);
	if (f.size == 0)
		return vm_error("--%s: '%s' is empty", option, path);
	if (f.size > UINT32_MAX)
		return vm_error("--%s: '%s' is too large: %" PRIu64 " MiB", option, path,
				f.size / MIB);
	*size = f.size;
	return 0;
}

int file_read(const char *path, const char *option, void *host, uint32_t size)
{
	struct file f;
	int ret;

	if (file_open(&f, path, option) < 0)
		return -1;
	ret = file_get(&f, host, 0, size);
	close(f.fd);
	return ret;
}

/* Is there memory up to end (a physical address, not included)? */
static int check_memory(const struct file *f, uint64_t end, const struct memory *mem)
{
	if (end <= mem->size)
		return 0;
	return vm_error("--kernel: '%s' needs memory up to %" PRIu64 " MiB, the guest has %" PRIu64
			": give more with --mem",
			f->path, (end + MIB - 1) / MIB, mem->size / MIB);
}

static int damaged(const struct file *f, const char *why)
{
	return vm_error("--kernel: '%s' is damaged: %s; copy or build it again", f->path, why);
}

/* --- ELF --- */

/* Say what the file is instead, where that is easily seen. */
static int check_ident(const struct file *f, const Elf32_Ehdr *eh)
{
	static const unsigned char gzip[] = { 0x1f, 0x8b };
	const unsigned char *id = eh->e_ident;

	if (!memcmp(id, gzip, sizeof(gzip)))
		return vm_error("--kernel: '%s' is compressed: give a vmlinux or a uImage",
				f->path);
	if (memcmp(id, ELFMAG, SELFMAG))
		return vm_error("--kernel: '%s' is neither an ELF file nor a uImage; a raw image "
				"needs --load-address",
				f->path);
	if (id[EI_CLASS] != ELFCLASS32 || id[EI_DATA] != ELFDATA2MSB ||
	    be16toh(eh->e_machine) != EM_PPC)
		return vm_error(
			"--kernel: '%s' is not for a 32-bit big-endian PowerPC: give one built for 44x",
			f->path);
	if (id[EI_VERSION] != EV_CURRENT)
		return damaged(f, "unknown ELF version");
	if (be16toh(eh->e_type) != ET_EXEC && be16toh(eh->e_type) != ET_DYN)
		return vm_error("--kernel: '%s' is an ELF file but no program: give a vmlinux",
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
	if (check_memory(f, paddr + memsz, mem) < 0)
		return -1;
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
		return vm_error(
			"--kernel: '%s' is neither an ELF file nor a uImage: it has only %" PRIu64
			" bytes",
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

/* --- images, which say nothing about a bss --- */

#define BSS_ROOM MIB /* a 44x kernel's is smaller */

static int image_loaded(const struct file *f, uint64_t load, uint64_t size, uint32_t entry,
			const struct memory *mem, struct kernel *kernel)
{
	uint64_t end = load + size + BSS_ROOM;

	if (entry < load || entry - load >= size || entry % 4)
		return vm_error("--kernel: '%s': its entry point 0x%08" PRIx32
				" is not the address of one of its instructions",
				f->path, entry);
	kernel->entry = entry;
	kernel->end = end < mem->size ? end : mem->size;
	return 0;
}

/* The U-Boot header, all big-endian */
struct uimage {
	uint32_t magic;
	uint32_t header_crc; /* of the header with 0 here */
	uint32_t time;
	uint32_t size; /* of what follows the header */
	uint32_t load;
	uint32_t entry;
	uint32_t data_crc;
	uint8_t os;
	uint8_t arch;
	uint8_t type;
	uint8_t compression;
	char name[32];
};

#define UIMAGE_MAGIC	  0x27051956
#define UIMAGE_PPC	  7
#define UIMAGE_STANDALONE 1
#define UIMAGE_KERNEL	  2
#define UIMAGE_PLAIN	  0
#define UIMAGE_GZIP	  1

static int check_uimage(const struct file *f, const struct uimage *h)
{
	struct uimage copy = *h;

	copy.header_crc = 0;
	if (crc32(&copy, sizeof(copy)) != be32toh(h->header_crc))
		return damaged(f, "the checksum of its header is wrong");
	if (h->arch != UIMAGE_PPC)
		return vm_error(
			"--kernel: '%s' is a uImage for another architecture (%u), not PowerPC: give one built for 44x",
			f->path, h->arch);
	if (h->type != UIMAGE_KERNEL && h->type != UIMAGE_STANDALONE)
		return vm_error(
			"--kernel: '%s' is a uImage of type %u, not a kernel or program: make it by mkimage -T kernel",
			f->path, h->type);
	if (h->compression != UIMAGE_PLAIN && h->compression != UIMAGE_GZIP)
		return vm_error(
			"--kernel: '%s' is a uImage with compression %u: only gzip and none are known: make it by mkimage -C gzip",
			f->path, h->compression);
	if (be32toh(h->size) > f->size - sizeof(*h))
		return damaged(f, "the file is shorter than its header says");
	return 0;
}

static int unpack_uimage(const struct file *f, const struct uimage *h, const uint8_t *data,
			 struct memory *mem, struct kernel *kernel)
{
	uint32_t load = be32toh(h->load), size = be32toh(h->size);

	if (crc32(data, size) != be32toh(h->data_crc))
		return damaged(f, "the checksum of its data is wrong");
	if (check_memory(f, (uint64_t)load + (h->compression == UIMAGE_PLAIN ? size : 1), mem) < 0)
		return -1;
	if (h->compression == UIMAGE_PLAIN) {
		memcpy(mem->host + load, data, size);
		return image_loaded(f, load, size, be32toh(h->entry), mem, kernel);
	}
	switch (gunzip(data, size, mem->host + load, mem->size - load, &size)) {
	case GUNZIP_OK:
		return image_loaded(f, load, size, be32toh(h->entry), mem, kernel);
	case GUNZIP_TOO_LARGE:
		return vm_error("--kernel: '%s' does not fit into %" PRIu64
				" MiB of memory when it is uncompressed: give more with --mem",
				f->path, mem->size / MIB);
	case GUNZIP_NO_MEMORY:
		return vm_error("--kernel: '%s': no memory to uncompress it", f->path);
	default:
		return damaged(f, "its data cannot be uncompressed");
	}
}

static int load_uimage(const struct file *f, struct memory *mem, struct kernel *kernel)
{
	struct uimage h;
	uint8_t *data;
	int ret = -1;

	if (f->size < sizeof(h))
		return damaged(f, "the header is cut off");
	if (file_get(f, &h, 0, sizeof(h)) < 0 || check_uimage(f, &h) < 0)
		return -1;
	data = malloc(be32toh(h.size));
	if (!data && h.size)
		return vm_error("--kernel: no memory to read '%s'", f->path);
	if (!file_get(f, data, sizeof(h), be32toh(h.size)))
		ret = unpack_uimage(f, &h, data, mem, kernel);
	free(data);
	return ret;
}

static int load_raw(const struct file *f, uint32_t load, uint32_t entry, struct memory *mem,
		    struct kernel *kernel)
{
	if (check_memory(f, load + f->size, mem) < 0 ||
	    file_get(f, mem->host + load, 0, f->size) < 0)
		return -1;
	return image_loaded(f, load, f->size, entry, mem, kernel);
}

static int load_any(const struct file *f, const struct raw_image *raw, struct memory *mem,
		    struct kernel *kernel)
{
	uint32_t magic = 0;

	if (raw)
		return load_raw(f, raw->load, raw->entry, mem, kernel);
	if (f->size >= sizeof(magic) && file_get(f, &magic, 0, sizeof(magic)) < 0)
		return -1;
	if (be32toh(magic) == UIMAGE_MAGIC)
		return load_uimage(f, mem, kernel);
	return load_segments(f, mem, kernel);
}

int load_kernel(const char *path, const struct raw_image *raw, struct memory *mem,
		struct kernel *kernel)
{
	struct file f;
	int ret;

	if (file_open(&f, path, "kernel") < 0)
		return -1;
	ret = load_any(&f, raw, mem, kernel);
	close(f.fd);
	return ret;
}
