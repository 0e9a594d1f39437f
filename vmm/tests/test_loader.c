// SPDX-License-Identifier: GPL-2.0-only
/* Loading ELF kernels and U-Boot images, good, damaged and of the wrong kind. */
#include <elf.h>
#include <endian.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gunzip.h"
#include "loader.h"
#include "util.h"

#define RAM   (4u << 20)
#define TEXT  "the first program"
#define BSS   100
#define VADDR 0xc0001000u
#define PADDR 0x00001000u

/* A kernel of one segment, as the linker of Linux lays it out, to be damaged. */
struct image {
	Elf32_Ehdr eh;
	Elf32_Phdr ph[2];
	char text[sizeof(TEXT)];
};

static struct image good(void)
{
	struct image i = { 0 };

	memcpy(i.eh.e_ident, ELFMAG, SELFMAG);
	i.eh.e_ident[EI_CLASS] = ELFCLASS32;
	i.eh.e_ident[EI_DATA] = ELFDATA2MSB;
	i.eh.e_ident[EI_VERSION] = EV_CURRENT;
	i.eh.e_type = htobe16(ET_EXEC);
	i.eh.e_machine = htobe16(EM_PPC);
	i.eh.e_entry = htobe32(VADDR + 4);
	i.eh.e_phoff = htobe32(offsetof(struct image, ph));
	i.eh.e_phentsize = htobe16(sizeof(Elf32_Phdr));
	i.eh.e_phnum = htobe16(2);
	i.ph[0].p_type = htobe32(PT_LOAD);
	i.ph[0].p_offset = htobe32(offsetof(struct image, text));
	i.ph[0].p_vaddr = htobe32(VADDR);
	i.ph[0].p_paddr = htobe32(PADDR);
	i.ph[0].p_filesz = htobe32(sizeof(TEXT));
	i.ph[0].p_memsz = htobe32(sizeof(TEXT) + BSS);
	i.ph[1].p_type = htobe32(PT_NOTE);
	i.ph[1].p_offset = htobe32(0xffffffff);
	memcpy(i.text, TEXT, sizeof(TEXT));
	return i;
}

static struct memory mem;
static struct kernel kernel;
static const struct raw_image *raw; /* NULL: the file has a header */

static int load(const void *image, size_t size)
{
	const char *path = temporary(image, size);
	int ret;

	memory_create(&mem, RAM, -1);
	ret = load_kernel(path, raw, &mem, &kernel);
	unlink(path);
	return ret;
}

static void loads(void **state)
{
	struct image i = good();

	(void)state;
	assert_int_equal(load(&i, sizeof(i)), 0);
	assert_int_equal(kernel.entry, PADDR + 4);
	assert_int_equal(kernel.end, PADDR + sizeof(TEXT) + BSS);
	assert_string_equal((char *)mem.host + PADDR, TEXT);
	memory_destroy(&mem);
	/* A relocatable vmlinux is ET_DYN. */
	i.eh.e_type = htobe16(ET_DYN);
	assert_int_equal(load(&i, sizeof(i)), 0);
	memory_destroy(&mem);
}

/* A bare program linked to run where it is loaded, its segment at the very end. */
static void loads_bare(void **state)
{
	struct image i = good();

	(void)state;
	i.ph[0].p_vaddr = i.ph[0].p_paddr = i.eh.e_entry = htobe32(RAM - 4096);
	i.ph[0].p_memsz = htobe32(4096);
	assert_int_equal(load(&i, sizeof(i)), 0);
	assert_int_equal(kernel.entry, RAM - 4096);
	assert_int_equal(kernel.end, RAM);
	memory_destroy(&mem);
}

/* One line that contains part, and a failure. */
static void refused(const void *i, size_t size, const char *part)
{
	const char *text;
	int ret;

	capture();
	ret = load(i, size);
	text = captured();
	memory_destroy(&mem);
	assert_contains(text, part);
	assert_one_line(text);
	assert_int_equal(ret, -1);
}

#define REFUSED(field, value, part)           \
	do {                                  \
		struct image i = good();      \
		field = value;                \
		refused(&i, sizeof(i), part); \
	} while (0)

static void wrong_kind(void **state)
{
	(void)state;
	REFUSED(i.eh.e_ident[0], 'X', "neither an ELF file nor a uImage");
	REFUSED(i.eh.e_ident[EI_CLASS], ELFCLASS64, "32-bit big-endian PowerPC");
	REFUSED(i.eh.e_ident[EI_DATA], ELFDATA2LSB, "32-bit big-endian PowerPC");
	REFUSED(i.eh.e_machine, htobe16(EM_ARM), "32-bit big-endian PowerPC");
	REFUSED(i.eh.e_type, htobe16(ET_REL), "no program");
	REFUSED(*(uint32_t *)i.eh.e_ident, htobe32(0x1f8b0808), "compressed");
}

static void damaged(void **state)
{
	(void)state;
	REFUSED(i.eh.e_ident[EI_VERSION], 9, "damaged");
	REFUSED(i.eh.e_phentsize, htobe16(56), "table of segments");
	REFUSED(i.eh.e_phnum, 0, "table of segments");
	REFUSED(i.eh.e_phnum, htobe16(0xffff), "table of segments");
	REFUSED(i.eh.e_phoff, htobe32(0xfffffff0), "beyond the end of the file");
	REFUSED(i.eh.e_phoff, htobe32(sizeof(struct image) - 32), "beyond the end of the file");
	REFUSED(i.ph[0].p_type, htobe32(PT_NOTE), "nothing");
	REFUSED(i.ph[0].p_filesz, htobe32(sizeof(TEXT) + BSS + 1), "larger in the file");
	REFUSED(i.ph[0].p_offset, htobe32(0xffffffff), "beyond the end of the file");
	REFUSED(i.ph[0].p_offset, htobe32(sizeof(struct image)), "beyond the end of the file");
	REFUSED(i.ph[0].p_paddr, htobe32(0xfffffff0), "beyond 4 GiB");
	REFUSED(i.ph[0].p_memsz, htobe32(0xffffffff), "beyond 4 GiB");
	REFUSED(i.eh.e_entry, htobe32(VADDR - 4), "entry point");
	REFUSED(i.eh.e_entry, htobe32(VADDR + sizeof(TEXT) + BSS), "entry point");
	REFUSED(i.eh.e_entry, htobe32(VADDR + 2), "entry point");
}

static void too_little_memory(void **state)
{
	(void)state;
	REFUSED(i.ph[0].p_memsz, htobe32(RAM), "--mem");
	REFUSED(i.ph[0].p_paddr, htobe32(0x10000000), "--mem");
}

/* Cut after each byte, and with each byte inverted: never more than a message. */
static void truncated_and_inverted(void **state)
{
	struct image i = good();
	unsigned int n;

	(void)state;
	for (n = 0; n < offsetof(struct image, text) + sizeof(TEXT); n++) {
		capture();
		assert_int_equal(load(&i, n), -1);
		memory_destroy(&mem);
		assert_one_line(captured());
	}
	for (n = 0; n < offsetof(struct image, text); n++) {
		struct image broken = i;

		((unsigned char *)&broken)[n] ^= 0xff;
		capture();
		load(&broken, sizeof(broken));
		memory_destroy(&mem);
		captured();
	}
}

/* A uImage of TEXT. The checksum is not what is under test: see checksums(). */
struct uimage {
	uint32_t magic, header_crc, time, size, load, entry, data_crc;
	uint8_t os, arch, type, compression;
	char name[32];
	uint8_t data[64];
};

#define HEADER offsetof(struct uimage, data)
#define LOAD   0x4000u

/* gzip -n, of TEXT with its 0 */
static const uint8_t text_gz[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x2b, 0xc9, 0x48,
	0x55, 0x48, 0xcb, 0x2c, 0x2a, 0x2e, 0x51, 0x28, 0x28, 0xca, 0x4f, 0x2f, 0x4a,
	0xcc, 0x65, 0x00, 0x00, 0xc7, 0xf8, 0x0f, 0x89, 0x12, 0x00, 0x00, 0x00,
};

static struct uimage good_uimage(bool gzip)
{
	struct uimage u = {
		.magic = htobe32(0x27051956),
		.load = htobe32(LOAD),
		.entry = htobe32(LOAD + 4),
		.os = 5,
		.arch = 7,
		.type = 2,
		.compression = gzip,
		.size = htobe32(gzip ? sizeof(text_gz) : sizeof(TEXT)),
	};

	if (gzip)
		memcpy(u.data, text_gz, sizeof(text_gz));
	else
		memcpy(u.data, TEXT, sizeof(TEXT));
	return u;
}

static void set_checksums(struct uimage *u)
{
	uint32_t size = be32toh(u->size);

	u->data_crc = htobe32(crc32(u->data, size < sizeof(u->data) ? size : sizeof(u->data)));
	u->header_crc = 0;
	u->header_crc = htobe32(crc32(u, HEADER));
}

static void uimages(void **state)
{
	struct uimage u;
	int gzip;

	(void)state;
	for (gzip = 0; gzip < 2; gzip++) {
		u = good_uimage(gzip);
		set_checksums(&u);
		/* what stands behind the data is of no interest */
		assert_int_equal(load(&u, sizeof(u)), 0);
		assert_int_equal(kernel.entry, LOAD + 4);
		assert_in_range(kernel.end, LOAD + sizeof(TEXT), RAM);
		assert_string_equal((char *)mem.host + LOAD, TEXT);
		memory_destroy(&mem);
	}
}

#define UIMAGE_REFUSED(gzip, change, part)           \
	do {                                         \
		struct uimage u = good_uimage(gzip); \
		change;                              \
		set_checksums(&u);                   \
		refused(&u, sizeof(u), part);        \
	} while (0)

static void uimages_refused(void **state)
{
	(void)state;
	UIMAGE_REFUSED(0, u.arch = 2, "another architecture (2)");
	UIMAGE_REFUSED(0, u.type = 4, "type 4");
	UIMAGE_REFUSED(0, u.compression = 3, "compression 3");
	UIMAGE_REFUSED(0, u.size = htobe32(sizeof(u.data) + 1), "shorter than its header says");
	UIMAGE_REFUSED(0, u.size = 0xffffffff, "shorter than its header says");
	UIMAGE_REFUSED(0, u.size = 0, "entry point");
	UIMAGE_REFUSED(0, u.load = htobe32(RAM - sizeof(TEXT) + 1), "--mem");
	UIMAGE_REFUSED(0, u.load = 0xffffffff, "--mem");
	UIMAGE_REFUSED(1, u.load = htobe32(RAM - sizeof(TEXT) + 1), "does not fit");
	UIMAGE_REFUSED(1, u.load = htobe32(RAM), "--mem");
	UIMAGE_REFUSED(1, u.size = htobe32(sizeof(text_gz) - 1), "cannot be uncompressed");
	UIMAGE_REFUSED(1, u.data[20] ^= 1, "cannot be uncompressed");
	UIMAGE_REFUSED(1, u.data[0] = 0, "cannot be uncompressed");
	UIMAGE_REFUSED(0, u.entry = htobe32(LOAD - 4), "entry point");
	UIMAGE_REFUSED(0, u.entry = htobe32(LOAD + sizeof(TEXT)), "entry point");
	UIMAGE_REFUSED(0, u.entry = htobe32(LOAD + 2), "entry point");
}

/* Each byte that counts is under one of the two; cut off anywhere, it is refused. */
static void checksums(void **state)
{
	struct uimage u = good_uimage(true);
	size_t size = HEADER + sizeof(text_gz), n;

	(void)state;
	set_checksums(&u);
	for (n = 4; n < size; n++) {
		struct uimage broken = u;

		((uint8_t *)&broken)[n] ^= 0x10;
		refused(&broken, size, "checksum");
	}
	for (n = 4; n < size; n++)
		refused(&u, n, "damaged");
}

static void raw_refused(uint32_t at, uint32_t entry, size_t size, const char *part)
{
	struct raw_image image = { .load = at, .entry = entry };

	raw = &image;
	refused(TEXT, size, part);
	raw = NULL;
}

static void raw_images(void **state)
{
	static const struct raw_image image = { .load = LOAD, .entry = LOAD + 8 };

	(void)state;
	raw = &image;
	assert_int_equal(load(TEXT, sizeof(TEXT)), 0);
	raw = NULL;
	assert_int_equal(kernel.entry, LOAD + 8);
	assert_string_equal((char *)mem.host + LOAD, TEXT);
	memory_destroy(&mem);
	raw_refused(LOAD, LOAD + sizeof(TEXT), sizeof(TEXT), "entry point");
	raw_refused(RAM - sizeof(TEXT) + 1, LOAD, sizeof(TEXT), "--mem");
	raw_refused(0xffffffff, 0, sizeof(TEXT), "--mem");
	raw_refused(0xffffffff, 0, 0, "--mem");
	raw_refused(LOAD, LOAD, 0, "entry point");
}

static void files(void **state)
{
	const char *path = temporary("123", 3);
	char data[4] = { 0 };
	uint32_t size;

	(void)state;
	assert_int_equal(file_size(path, "initrd", &size), 0);
	assert_int_equal(size, 3);
	assert_int_equal(file_read(path, "initrd", data, 3), 0);
	assert_string_equal(data, "123");
	capture();
	assert_int_equal(file_read(path, "initrd", data, 4), -1);
	assert_contains(captured(), "shorter");
	truncate(path, (off_t)5 << 30);
	capture();
	assert_int_equal(file_size(path, "initrd", &size), -1);
	assert_contains(captured(), "too large");
	truncate(path, 0);
	capture();
	assert_int_equal(file_size(path, "initrd", &size), -1);
	assert_contains(captured(), "is empty");
	unlink(path);
	capture();
	assert_int_equal(file_size(path, "initrd", &size), -1);
	assert_contains(captured(), "No such file");
	mkfifo(path, 0600);
	capture();
	assert_int_equal(file_size(path, "initrd", &size), -1);
	assert_contains(captured(), "not a regular file");
	unlink(path);
	capture();
	assert_int_equal(file_size("/tmp", "initrd", &size), -1);
	assert_contains(captured(), "not a regular file");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads),
		cmocka_unit_test(loads_bare),
		cmocka_unit_test(wrong_kind),
		cmocka_unit_test(damaged),
		cmocka_unit_test(too_little_memory),
		cmocka_unit_test(truncated_and_inverted),
		cmocka_unit_test(uimages),
		cmocka_unit_test(uimages_refused),
		cmocka_unit_test(checksums),
		cmocka_unit_test(raw_images),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
