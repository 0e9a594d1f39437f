// SPDX-License-Identifier: GPL-2.0-only
/* Loading ELF kernels, good, damaged and of the wrong kind. */
#include <elf.h>
#include <endian.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int load(const void *image, size_t size)
{
	const char *path = temporary(image, size);
	int ret;

	memory_create(&mem, RAM, -1);
	ret = load_kernel(path, &mem, &kernel);
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
static void refused(const struct image *i, size_t size, const char *part)
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
	REFUSED(i.eh.e_ident[0], 'X', "not an ELF file");
	REFUSED(i.eh.e_ident[EI_CLASS], ELFCLASS64, "32-bit big-endian PowerPC");
	REFUSED(i.eh.e_ident[EI_DATA], ELFDATA2LSB, "32-bit big-endian PowerPC");
	REFUSED(i.eh.e_machine, htobe16(EM_ARM), "32-bit big-endian PowerPC");
	REFUSED(i.eh.e_type, htobe16(ET_REL), "no program");
	REFUSED(*(uint32_t *)i.eh.e_ident, htobe32(0x1f8b0808), "compressed");
	REFUSED(*(uint32_t *)i.eh.e_ident, htobe32(0x27051956), "U-Boot image");
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
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
