// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_table REGISTERS: prints docs/cpu.md, from the tables in core/, from what tier 0 takes
 * of them (kmod/fast.h), and from the list of ONE_REG ids, tests/abi/registers.txt.
 */
#include "fixture.h"
#include "fast.h"

static const char intro[] =
	"# The virtual CPU\n"
	"\n"
	"Every instruction and SPR of a 440, and who does it. Made from the tables in `core/` by\n"
	"`make docs`, so this is what is, and no wish; what is done otherwise than on silicon, and\n"
	"why, is in [limits.md](limits.md).\n"
	"\n"
	"| who | |\n"
	"| --- | --- |\n"
	"| CPU | the host's, in user state: never seen by the module |\n"
	"| tier 0 | `kmod/fast.S`, in its plain cases; all others go on in C |\n"
	"| C | `core/`, called after an exit |\n";

/* addic_dot is addic. */
static void print_name(const char *name)
{
	const char *dot = strstr(name, "_dot");

	printf("`%.*s%s`", (int)(dot ? dot - name : (long)strlen(name)), name, dot ? "." : "");
}

static void print_opcode(const struct v44_insn *row)
{
	printf("%u", row->primary);
	if (row->extended != V44_NO_XO)
		printf(" / %u", row->extended);
}

static bool fast_insn(const char *name)
{
#define NAME(name) #name,
	static const char *const names[] = { K44X_FAST_OTHER_INSN, K44X_FAST_INSNS(NAME) };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

static u32 count_kind(enum v44_insn_kind kind)
{
	u32 i, count = 0;

	for (i = 0; i < v44_insn_count; i++)
		count += v44_insns[i].kind == kind;
	return count;
}

static void privileged(void)
{
	u32 i;

	printf("\n## Privileged instructions\n"
	       "\n"
	       "%u. In user state, each is a privileged exception.\n"
	       "\n"
	       "| instruction | opcode | who |\n"
	       "| --- | --- | --- |\n",
	       count_kind(V44_INSN_PRIVILEGED));
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *row = &v44_insns[i];

		if (row->kind != V44_INSN_PRIVILEGED)
			continue;
		printf("| ");
		print_name(row->name);
		printf(" | ");
		print_opcode(row);
		printf(" | %s |\n", fast_insn(row->name) ? "tier 0" : "C");
	}
}

static void print_access(u32 access)
{
	static const struct {
		u32 flag;
		const char *text;
	} flags[] = {
		{ V44_ACC_FP, ", floating point" },   { V44_ACC_SINGLE, ", single precision" },
		{ V44_ACC_SIGN, ", sign-extended" },  { V44_ACC_SWAP, ", byte-reversed" },
		{ V44_ACC_MULTI, ", multiple" },      { V44_ACC_STRING, ", string" },
		{ V44_ACC_RESERVE, ", reservation" }, { V44_ACC_UPDATE, ", with update" },
	};
	size_t i;

	if (!(access & V44_ACC_SIZE)) {
		printf("%s", access & V44_ACC_STORE ? "a line, zeroed" : "a line");
		return;
	}
	printf("%s of %u", access & V44_ACC_STORE ? "store" : "load", access & V44_ACC_SIZE);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		if (access & flags[i].flag)
			printf("%s", flags[i].text);
	}
}

static void accesses(void)
{
	u32 i;

	printf("\n## Loads and stores\n"
	       "\n"
	       "%u. CPU on memory; C where there is a device or nothing at all, and where fetching and\n"
	       "data of one page go through different entries (MSR[IS] unlike MSR[DS]).\n"
	       "\n"
	       "| instruction | opcode | bytes |\n"
	       "| --- | --- | --- |\n",
	       count_kind(V44_INSN_ACCESS));
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *row = &v44_insns[i];

		if (row->kind != V44_INSN_ACCESS)
			continue;
		printf("| ");
		print_name(row->name);
		printf(" | ");
		print_opcode(row);
		printf(" | ");
		print_access(row->access);
		printf(" |\n");
	}
}

static void native(void)
{
	u32 i, primary = 64, count = 0;

	printf("\n## All other instructions\n"
	       "\n"
	       "%u, which the CPU executes itself. What the host's lacks (a 440GX has no FPU), the guest's\n"
	       "lacks, too. `sc` and traps become interrupts of the guest's; an `sc` in supervisor state can\n"
	       "be a [hypercall](abi.md#hypercalls).\n",
	       count_kind(V44_INSN_NATIVE));
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *row = &v44_insns[i];
		bool alone = row->extended == V44_NO_XO;

		if (row->kind != V44_INSN_NATIVE)
			continue;
		if (i == 0 || (!alone && row->primary != primary)) {
			if (alone)
				printf("\n- Primary opcodes alone:");
			else
				printf("\n- %u:", row->primary);
			primary = alone ? 64 : row->primary;
			count = 0;
		}
		printf("%s", count && count % 10 == 0 ? "\n  " : " ");
		print_name(row->name);
		count++;
	}
	printf("\n");
}

/* The access of one state: "", "r", "w" or "rw" */
static void print_state(u32 access, u32 read, u32 write)
{
	printf(" %s%s |", access & read ? "r" : "", access & write ? "w" : "");
}

static bool fast_write(const struct v44_spr *row)
{
#define NUMBER(number, handler) number,
	static const u16 numbers[] = { K44X_FAST_WRITES(NUMBER) };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (row->number == numbers[i])
			return true;
	}
	return k44x_fast_stores(row);
}

static const char *who_reads(const struct v44_spr *row)
{
	if (!(row->access & V44_SPR_SR))
		return "";
	if (!k44x_spr_traps(row))
		return "CPU";
	return k44x_fast_reads(row) ? "tier 0" : "C";
}

static const char *who_writes(const struct v44_spr *row)
{
	if (!(row->access & V44_SPR_SW))
		return "";
	if (!k44x_spr_traps(row))
		return "CPU";
	return fast_write(row) ? "tier 0" : "C";
}

/* Of registers.txt: "0xID NAME" a line */
#define IDS 512

static struct {
	char name[32];
} ids[IDS];

static bool has_id(const char *name)
{
	u32 i;

	for (i = 0; i < IDS && *ids[i].name; i++) {
		if (!strcmp(ids[i].name, name))
			return true;
	}
	return false;
}

static int read_ids(const char *path)
{
	FILE *f = fopen(path, "r");
	u32 i;

	if (!f)
		return -1;
	for (i = 0; i < IDS && fscanf(f, "%*s %31s", ids[i].name) == 1; i++)
		;
	fclose(f);
	return 0;
}

/* The number of the row that stands first for what @row stores */
static u32 first_number(const struct v44_spr *row)
{
	u32 i;

	for (i = 0; row->offset && i < v44_spr_count; i++) {
		if (v44_sprs[i].offset == row->offset)
			return v44_sprs[i].number;
	}
	return row->number;
}

/* Two have a name of their own upstream */
static void print_id(const struct v44_spr *row)
{
	char own[48], upstream[48];

	snprintf(own, sizeof(own), "KVM44X_REG_SPR(%u)", first_number(row));
	snprintf(upstream, sizeof(upstream), "KVM_REG_PPC_%s",
		 !strcmp(row->name, "DEC")	? "DEC_EXPIRY"
		 : !strcmp(row->name, "USPRG0") ? "VRSAVE"
						: row->name);
	if (has_id(own))
		printf(" %s |\n", own);
	else if (has_id(upstream))
		printf(" %s |\n", upstream);
	else
		printf(" none |\n");
}

/* After a reset; the PVR is the host's */
static void print_reset(struct v44 *v, const struct v44_spr *row)
{
	const u32 *storage = v44_spr_storage(v, row);

	if (storage == &v->cpu.pvr)
		printf(" the host's |");
	else if (storage)
		printf(" %x |", *storage);
	else
		printf(" |");
}

static void sprs(struct v44 *v)
{
	u32 i;

	printf("\n## SPRs\n"
	       "\n"
	       "By number, decimal. \"user\" and \"supervisor\": readable, writable. \"bits\" are those that a\n"
	       "write can change; \"reset\" is the value after a reset, of which the manual calls most\n"
	       "undefined. The last column is the id for KVM_GET_ONE_REG.\n"
	       "\n"
	       "| SPR | | user | supervisor | bits | reset | `mfspr` | `mtspr` | id |\n"
	       "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
	for (i = 0; i < v44_spr_count; i++) {
		const struct v44_spr *row = &v44_sprs[i];

		printf("| %u | %s |", row->number, row->name);
		print_state(row->access, V44_SPR_UR, V44_SPR_UW);
		print_state(row->access, V44_SPR_SR, V44_SPR_SW);
		if ((row->access & V44_SPR_SW) && row->mask)
			printf(" %08x |", row->mask);
		else
			printf(" |");
		print_reset(v, row);
		if (row->done)
			printf(" %s | %s |", who_reads(row), who_writes(row));
		else
			printf(" not done | not done |");
		print_id(row);
	}
}

int main(int argc, char **argv)
{
	void *state;

	if (argc != 2 || read_ids(argv[1]) || setup(&state))
		return EXIT_FAILURE;
	fputs(intro, stdout);
	privileged();
	accesses();
	native();
	sprs(&((struct fixture *)state)->v);
	teardown(&state);
	return EXIT_SUCCESS;
}
