/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-insn.h"

/* How the fields of the word become operands. */
typedef enum {
  FORM_NONE,
  FORM_RRR,        /* d = r */
  FORM_SPECIAL,    /* d = t, the special register's number in r and s */
  FORM_SHIFT_LEFT, /* SLLI: 32 minus the distance */
  FORM_SHIFT_RIGHT,
  FORM_EXTUI,
  FORM_TS, /* d = t, operand s */
  FORM_SSAI,
  FORM_LEVEL, /* d = t, imm = s */
  FORM_L32R,
  FORM_MEM8,
  FORM_MEM16,
  FORM_MEM32,
  FORM_MOVI,
  FORM_ADDI,
  FORM_ADDMI,
  FORM_CALL,
  FORM_JUMP,
  FORM_BRANCH12, /* s against zero */
  FORM_CONST,    /* s against a constant of a table */
  FORM_CONST_U,  /* the same, unsigned */
  FORM_BRANCH8,  /* s against t */
  FORM_BRANCH_BIT,
  FORM_MEM_N,
  FORM_ADDI_N,
  FORM_MOVI_N,
  FORM_BRANCH_N,
} Form;

typedef struct {
  guint32 mask, bits;
  FgSimInsnKind kind;
  Form form;
} Row;

#define RRR 0xff000fu
#define ONE_OPERAND_S 0xfff0ffu
#define ONE_OPERAND_T 0xfff00fu

/* By the opcode's lowest four bits, which the instruction's length depends on as well. */
static const Row rows[] = {
  { 0xffffff, 0x000080, FG_SIM_INSN_RET, FORM_NONE },
  { ONE_OPERAND_S, 0x0000a0, FG_SIM_INSN_JX, FORM_RRR },
  { ONE_OPERAND_S, 0x0000c0, FG_SIM_INSN_CALLX0, FORM_RRR },
  { 0xffffcf, 0x002000, FG_SIM_INSN_NOP, FORM_NONE }, /* ISYNC, RSYNC, ESYNC, DSYNC */
  { 0xffffff, 0x002080, FG_SIM_INSN_NOP, FORM_NONE }, /* EXCW */
  { 0xffffef, 0x0020c0, FG_SIM_INSN_NOP, FORM_NONE }, /* MEMW, EXTW */
  { 0xffffff, 0x0020f0, FG_SIM_INSN_NOP, FORM_NONE },
  { 0xffffff, 0x003000, FG_SIM_INSN_RFE, FORM_NONE },
  { 0xffffff, 0x003200, FG_SIM_INSN_RFDE, FORM_NONE },
  { ONE_OPERAND_S, 0x003010, FG_SIM_INSN_RFI, FORM_LEVEL },
  { ONE_OPERAND_T, 0x004000, FG_SIM_INSN_BREAK, FORM_NONE },
  { 0xffffff, 0x005000, FG_SIM_INSN_SYSCALL, FORM_NONE },
  { ONE_OPERAND_T, 0x006000, FG_SIM_INSN_RSIL, FORM_LEVEL },
  { ONE_OPERAND_S, 0x007000, FG_SIM_INSN_WAITI, FORM_LEVEL },
  { RRR, 0x100000, FG_SIM_INSN_AND, FORM_RRR },
  { RRR, 0x200000, FG_SIM_INSN_OR, FORM_RRR },
  { RRR, 0x300000, FG_SIM_INSN_XOR, FORM_RRR },
  { ONE_OPERAND_S, 0x400000, FG_SIM_INSN_SSR, FORM_RRR },
  { ONE_OPERAND_S, 0x401000, FG_SIM_INSN_SSL, FORM_RRR },
  { ONE_OPERAND_S, 0x402000, FG_SIM_INSN_SSA8L, FORM_RRR },
  { ONE_OPERAND_S, 0x403000, FG_SIM_INSN_SSA8B, FORM_RRR },
  { 0xfff0ef, 0x404000, FG_SIM_INSN_SSAI, FORM_SSAI },
  { ONE_OPERAND_T, 0x40e000, FG_SIM_INSN_NSA, FORM_TS },
  { ONE_OPERAND_T, 0x40f000, FG_SIM_INSN_NSAU, FORM_TS },
  { RRR, 0x500000, FG_SIM_INSN_NOP, FORM_NONE }, /* TLB: there is nothing to translate */
  { 0xff0f0f, 0x600000, FG_SIM_INSN_NEG, FORM_RRR },
  { 0xff0f0f, 0x600100, FG_SIM_INSN_ABS, FORM_RRR },
  { RRR, 0x800000, FG_SIM_INSN_ADD, FORM_RRR },
  { RRR, 0x900000, FG_SIM_INSN_ADDX2, FORM_RRR },
  { RRR, 0xa00000, FG_SIM_INSN_ADDX4, FORM_RRR },
  { RRR, 0xb00000, FG_SIM_INSN_ADDX8, FORM_RRR },
  { RRR, 0xc00000, FG_SIM_INSN_SUB, FORM_RRR },
  { RRR, 0xd00000, FG_SIM_INSN_SUBX2, FORM_RRR },
  { RRR, 0xe00000, FG_SIM_INSN_SUBX4, FORM_RRR },
  { RRR, 0xf00000, FG_SIM_INSN_SUBX8, FORM_RRR },
  { 0xef000f, 0x010000, FG_SIM_INSN_SLLI, FORM_SHIFT_LEFT },
  { 0xef000f, 0x210000, FG_SIM_INSN_SRAI, FORM_SHIFT_RIGHT },
  { RRR, 0x410000, FG_SIM_INSN_SRLI, FORM_SHIFT_RIGHT },
  { RRR, 0x610000, FG_SIM_INSN_XSR, FORM_SPECIAL },
  { RRR, 0x810000, FG_SIM_INSN_SRC, FORM_RRR },
  { 0xff0f0f, 0x910000, FG_SIM_INSN_SRL, FORM_RRR },
  { 0xff00ff, 0xa10000, FG_SIM_INSN_SLL, FORM_RRR },
  { 0xff0f0f, 0xb10000, FG_SIM_INSN_SRA, FORM_RRR },
  { RRR, 0xc10000, FG_SIM_INSN_MUL16U, FORM_RRR },
  { RRR, 0xd10000, FG_SIM_INSN_MUL16S, FORM_RRR },
  { RRR, 0x820000, FG_SIM_INSN_MULL, FORM_RRR },
  { RRR, 0x030000, FG_SIM_INSN_RSR, FORM_SPECIAL },
  { RRR, 0x130000, FG_SIM_INSN_WSR, FORM_SPECIAL },
  { RRR, 0x830000, FG_SIM_INSN_MOVEQZ, FORM_RRR },
  { RRR, 0x930000, FG_SIM_INSN_MOVNEZ, FORM_RRR },
  { RRR, 0xa30000, FG_SIM_INSN_MOVLTZ, FORM_RRR },
  { RRR, 0xb30000, FG_SIM_INSN_MOVGEZ, FORM_RRR },
  { 0x0e000f, 0x040000, FG_SIM_INSN_EXTUI, FORM_EXTUI },
  { 0x00000f, 0x000001, FG_SIM_INSN_L32R, FORM_L32R },
  { 0x00f00f, 0x000002, FG_SIM_INSN_L8UI, FORM_MEM8 },
  { 0x00f00f, 0x001002, FG_SIM_INSN_L16UI, FORM_MEM16 },
  { 0x00f00f, 0x002002, FG_SIM_INSN_L32I, FORM_MEM32 },
  { 0x00f00f, 0x004002, FG_SIM_INSN_S8I, FORM_MEM8 },
  { 0x00f00f, 0x005002, FG_SIM_INSN_S16I, FORM_MEM16 },
  { 0x00f00f, 0x006002, FG_SIM_INSN_S32I, FORM_MEM32 },
  { 0x00f00f, 0x009002, FG_SIM_INSN_L16SI, FORM_MEM16 },
  { 0x00f00f, 0x00a002, FG_SIM_INSN_MOVI, FORM_MOVI },
  { 0x00f00f, 0x00c002, FG_SIM_INSN_ADDI, FORM_ADDI },
  { 0x00f00f, 0x00d002, FG_SIM_INSN_ADDI, FORM_ADDMI },
  { 0x00003f, 0x000005, FG_SIM_INSN_CALL0, FORM_CALL },
  { 0x00003f, 0x000006, FG_SIM_INSN_J, FORM_JUMP },
  { 0x0000ff, 0x000016, FG_SIM_INSN_BEQZ, FORM_BRANCH12 },
  { 0x0000ff, 0x000056, FG_SIM_INSN_BNEZ, FORM_BRANCH12 },
  { 0x0000ff, 0x000096, FG_SIM_INSN_BLTZ, FORM_BRANCH12 },
  { 0x0000ff, 0x0000d6, FG_SIM_INSN_BGEZ, FORM_BRANCH12 },
  { 0x0000ff, 0x000026, FG_SIM_INSN_BEQI, FORM_CONST },
  { 0x0000ff, 0x000066, FG_SIM_INSN_BNEI, FORM_CONST },
  { 0x0000ff, 0x0000a6, FG_SIM_INSN_BLTI, FORM_CONST },
  { 0x0000ff, 0x0000e6, FG_SIM_INSN_BGEI, FORM_CONST },
  { 0x0000ff, 0x0000b6, FG_SIM_INSN_BLTUI, FORM_CONST_U },
  { 0x0000ff, 0x0000f6, FG_SIM_INSN_BGEUI, FORM_CONST_U },
  { 0x00f00f, 0x000007, FG_SIM_INSN_BNONE, FORM_BRANCH8 },
  { 0x00f00f, 0x001007, FG_SIM_INSN_BEQ, FORM_BRANCH8 },
  { 0x00f00f, 0x002007, FG_SIM_INSN_BLT, FORM_BRANCH8 },
  { 0x00f00f, 0x003007, FG_SIM_INSN_BLTU, FORM_BRANCH8 },
  { 0x00f00f, 0x004007, FG_SIM_INSN_BALL, FORM_BRANCH8 },
  { 0x00f00f, 0x005007, FG_SIM_INSN_BBC, FORM_BRANCH8 },
  { 0x00e00f, 0x006007, FG_SIM_INSN_BBCI, FORM_BRANCH_BIT },
  { 0x00f00f, 0x008007, FG_SIM_INSN_BANY, FORM_BRANCH8 },
  { 0x00f00f, 0x009007, FG_SIM_INSN_BNE, FORM_BRANCH8 },
  { 0x00f00f, 0x00a007, FG_SIM_INSN_BGE, FORM_BRANCH8 },
  { 0x00f00f, 0x00b007, FG_SIM_INSN_BGEU, FORM_BRANCH8 },
  { 0x00f00f, 0x00c007, FG_SIM_INSN_BNALL, FORM_BRANCH8 },
  { 0x00f00f, 0x00d007, FG_SIM_INSN_BBS, FORM_BRANCH8 },
  { 0x00e00f, 0x00e007, FG_SIM_INSN_BBSI, FORM_BRANCH_BIT },
  { 0x00000f, 0x000008, FG_SIM_INSN_L32I, FORM_MEM_N },
  { 0x00000f, 0x000009, FG_SIM_INSN_S32I, FORM_MEM_N },
  { 0x00000f, 0x00000a, FG_SIM_INSN_ADD, FORM_RRR },
  { 0x00000f, 0x00000b, FG_SIM_INSN_ADDI, FORM_ADDI_N },
  { 0x00008f, 0x00000c, FG_SIM_INSN_MOVI, FORM_MOVI_N },
  { 0x0000cf, 0x00008c, FG_SIM_INSN_BEQZ, FORM_BRANCH_N },
  { 0x0000cf, 0x0000cc, FG_SIM_INSN_BNEZ, FORM_BRANCH_N },
  { 0x00f00f, 0x00000d, FG_SIM_INSN_MOV, FORM_TS },
  { 0x00ffff, 0x00f00d, FG_SIM_INSN_RET, FORM_NONE },
  { 0x00f0ff, 0x00f02d, FG_SIM_INSN_BREAK, FORM_NONE },
  { 0x00ffff, 0x00f03d, FG_SIM_INSN_NOP, FORM_NONE },
};

/* B4CONST and B4CONSTU of the manual. */
static const gint32 constants[16] = { -1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256 };
static const gint32 constants_u[16] = { 32768, 65536, 2,  3,  4,  5,  6,   7,
                                        8,     10,    12, 16, 32, 64, 128, 256 };

static guint32
field (guint32 word, guint first, guint bits)
{
  return (word >> first) & ((1u << bits) - 1);
}

static gint32
signed_field (guint32 word, guint first, guint bits)
{
  return (gint32) (word << (32 - first - bits)) >> (32 - bits);
}

static void
set_operands (FgSimInsn *insn, Form form, guint32 word, guint32 pc)
{
  guint32 imm8 = field (word, 16, 8);
  gint32 simm8 = signed_field (word, 16, 8);
  guint r = field (word, 12, 4);

  insn->s = (guint8) field (word, 8, 4);
  insn->t = (guint8) field (word, 4, 4);
  insn->d = insn->t;
  switch (form) {
  case FORM_RRR:
    insn->d = (guint8) r;
    break;
  case FORM_SPECIAL:
    insn->imm = (gint32) (r << 4 | insn->s);
    break;
  case FORM_SHIFT_LEFT:
    insn->d = (guint8) r;
    insn->imm = 32 - (gint32) (field (word, 20, 1) << 4 | insn->t);
    break;
  case FORM_SHIFT_RIGHT:
    insn->d = (guint8) r;
    insn->imm = (gint32) (field (word, 20, 1) << 4 | insn->s);
    break;
  case FORM_EXTUI:
    insn->d = (guint8) r;
    insn->s = (guint8) (field (word, 16, 1) << 4 | insn->s);
    insn->imm = (gint32) ((2u << field (word, 20, 4)) - 1);
    break;
  case FORM_SSAI:
    insn->imm = (gint32) (field (word, 4, 1) << 4 | insn->s);
    break;
  case FORM_LEVEL:
    insn->imm = insn->s;
    break;
  case FORM_L32R:
    insn->target = ((pc + 3) & ~3u) + 0xfffc0000u + (field (word, 8, 16) << 2);
    break;
  case FORM_MEM8:
    insn->imm = (gint32) imm8;
    break;
  case FORM_MEM16:
    insn->imm = (gint32) imm8 * 2;
    break;
  case FORM_MEM32:
    insn->imm = (gint32) imm8 * 4;
    break;
  case FORM_MOVI:
    insn->imm = (gint32) ((guint32) insn->s << 28 | imm8 << 20) >> 20;
    break;
  case FORM_ADDI:
    insn->imm = simm8;
    break;
  case FORM_ADDMI:
    insn->imm = simm8 * 256;
    break;
  case FORM_CALL:
    insn->target = (pc & ~3u) + 4 + (guint32) (signed_field (word, 6, 18) * 4);
    break;
  case FORM_JUMP:
    insn->target = pc + 4 + (guint32) signed_field (word, 6, 18);
    break;
  case FORM_BRANCH12:
    insn->target = pc + 4 + (guint32) signed_field (word, 12, 12);
    break;
  case FORM_CONST:
    insn->imm = constants[r];
    insn->target = pc + 4 + (guint32) simm8;
    break;
  case FORM_CONST_U:
    insn->imm = constants_u[r];
    insn->target = pc + 4 + (guint32) simm8;
    break;
  case FORM_BRANCH_BIT:
    insn->imm = (gint32) (field (word, 12, 1) << 4 | insn->t);
    insn->target = pc + 4 + (guint32) simm8;
    break;
  case FORM_BRANCH8:
    insn->target = pc + 4 + (guint32) simm8;
    break;
  case FORM_MEM_N:
    insn->imm = (gint32) r * 4;
    break;
  case FORM_ADDI_N:
    insn->d = (guint8) r;
    insn->imm = insn->t != 0 ? insn->t : -1;
    break;
  case FORM_MOVI_N: /* 7 bits, of which -32 to -1 are taken from the upper end */
    insn->d = insn->s;
    insn->imm = (gint32) ((insn->t & 7u) << 4 | r);
    insn->imm -= insn->imm >= 96 ? 128 : 0;
    break;
  case FORM_BRANCH_N:
    insn->target = pc + 4 + ((insn->t & 3u) << 4 | r);
    break;
  case FORM_NONE:
  case FORM_TS:
  default:
    break;
  }
}

/**
 * fg_sim_insn_decode:
 * @word: three bytes from @pc on, the first one lowest; of a narrow instruction the last is ignored
 *
 * What the processor does not know becomes %FG_SIM_INSN_ILLEGAL.
 */
void
fg_sim_insn_decode (FgSimInsn *insn, guint32 word, guint32 pc)
{
  gboolean narrow = (word & 8) != 0;

  word &= narrow ? 0xffff : 0xffffff;
  *insn = (FgSimInsn){ .kind = FG_SIM_INSN_ILLEGAL, .len = narrow ? 2 : 3 };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if ((word & rows[i].mask) == rows[i].bits) {
      insn->kind = (guint8) rows[i].kind;
      set_operands (insn, rows[i].form, word, pc);
      return;
    }
}
