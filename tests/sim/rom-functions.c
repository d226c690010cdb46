/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program for the RAM of an ESP8266 that calls functions of the mask ROM and prints what it got;
 * test-sim-rom-calls.c knows what that has to be.
 */

#include <stdint.h>

void Cache_Read_Enable (int odd, int pair, int size);
void Cache_Read_Disable (void);
void SHA1Init (void *context);
void SHA1Update (void *context, const void *data, uint32_t len);
void SHA1Final (uint8_t *digest, void *context);
int SPIEraseArea (uint32_t start, uint32_t len);
int SPILock (void);
int SPIUnlock (void);
int SPIWrite (uint32_t address, const uint32_t *data, uint32_t len);
int SPI_page_program (void *chip, uint32_t address, const uint32_t *data, uint32_t len);
int SPI_read_data (void *chip, uint32_t address, uint32_t *data, uint32_t len);
int SPI_read_status (void *chip, uint32_t *status);
int SPI_sector_erase (void *chip, uint32_t address);
void SelectSpiFunction (void);
uint32_t _xtos_ints_off (uint32_t mask);
void _xtos_set_interrupt_handler (uint32_t number, void (*handler) (uint32_t));
uint32_t _xtos_set_min_intlevel (uint32_t level);
void _xtos_restore_intlevel (uint32_t ps);
void ets_delay_us (uint32_t us);
void ets_isr_attach (int number, void (*handler) (void *), void *argument);
void ets_isr_unmask (uint32_t mask);
int ets_printf (const char *format, ...);
void ets_wdt_disable (void);
void ets_wdt_enable (int mode, int first, int second);
uint32_t rtc_get_reset_reason (void);
int strcmp (const char *a, const char *b);
char *strcpy (char *to, const char *from);
int strncmp (const char *a, const char *b, uint32_t n);
char *strncpy (char *to, const char *from, uint32_t n);
char *strstr (const char *text, const char *part);
uint32_t xthal_get_ccount (void);
void xthal_set_ccompare (int number, uint32_t value);

#define REG(address) (*(volatile uint32_t *) (address))
#define TICK 6
#define FRC1 9
#define FRC2 10

static volatile int ticks, frc1, frc2;
static volatile long long large = -0x123456789abcdef;
static volatile unsigned long long larger = 0xfedcba9876543210;
static uint32_t words[64];
static char text[16];

static void
on_tick (uint32_t number)
{
  ticks += (int) number;
  xthal_set_ccompare (0, xthal_get_ccount () + 10000);
}

static void
on_frc1 (void *count)
{
  ++*(volatile int *) count;
}

static void
on_frc2 (void *count)
{
  ++*(volatile int *) count;
  REG (0x60000630) = REG (0x60000624) + 100;
}

static void
try_words (void)
{
  ets_printf ("print %d %u %x %X %s %c %%|%5d|%08x\n", -1, 4000000000u, 0xbeef, 0xbeef, "text", 'c',
              42, 0x1234);
  ets_printf ("compare %d %d %d %d\n", strcmp ("one", "one"), strcmp ("one", "two") < 0,
              strncmp ("one", "onto", 2), strncmp ("one", "onto", 3) < 0);
  strcpy (text, "copied");
  ets_printf ("copy %s %s\n", text, strstr (text, "pie"));
  strncpy (text, "no", 6);
  ets_printf ("copy %s %d\n", text, text[5]);
  ets_printf ("divide %x %x %x\n", (uint32_t) (large / 0x1234567), (uint32_t) (larger / 0x1234567),
              (uint32_t) (larger * 3 >> 32));
}

static void
try_flash (void)
{
  uint32_t status = 0;

  SelectSpiFunction ();
  SPIUnlock ();
  words[0] = 0x12345678;
  ets_printf ("area %d\n", SPIEraseArea (0x10000, 0x3000));
  SPIWrite (0x10000, words, 4);
  SPI_page_program (0, 0x10004, words, 4);
  SPI_read_data (0, 0x10000, words + 1, 12);
  ets_printf ("data %x %x %x\n", words[1], words[2], words[3]);
  SPI_sector_erase (0, 0x11000);
  SPILock ();
  SPI_read_status (0, &status);
  ets_printf ("status %x\n", status);
  SPIUnlock ();
  SPI_read_status (0, &status);
  ets_printf ("status %x\n", status);
  Cache_Read_Enable (0, 0, 0);
  ets_printf ("mapped %x", REG (0x40210000));
  Cache_Read_Enable (1, 0, 0);
  ets_printf (" %x\n", REG (0x40200000));
  Cache_Read_Disable ();
  /* by the controller itself, with the processor at twice its speed */
  REG (0x3ff00014) = 1;
  REG (0x60000204) = 0x10000 | 4 << 24;
  REG (0x60000200) = 1u << 31;
  while (REG (0x60000200) != 0)
    ;
  REG (0x3ff00014) = 0;
  ets_printf ("read %x\n", REG (0x60000240));
}

static void
try_digest (void)
{
  static uint8_t digest[20];

  SHA1Init (words);
  SHA1Update (words, "abc", 3);
  SHA1Final (digest, words);
  ets_printf ("sha1 %x %x\n", digest[0], digest[19]);
}

static void
try_timers (void)
{
  uint32_t ps, enabled;

  _xtos_set_interrupt_handler (TICK, on_tick);
  ets_isr_attach (FRC1, on_frc1, (void *) &frc1);
  ets_isr_attach (FRC2, on_frc2, (void *) &frc2);
  REG (0x3ff00004) = 6;
  REG (0x60000600) = 3000;
  REG (0x60000608) = 1 << 7 | 1 << 6;
  REG (0x60000620) = 0;
  REG (0x60000630) = 50;
  REG (0x60000628) = 1 << 7 | 1 << 2;
  xthal_set_ccompare (0, xthal_get_ccount () + 10000);
  ets_isr_unmask (1 << TICK | 1 << FRC1 | 1 << FRC2);
  while (ticks < 3 * TICK || frc1 < 5 || frc2 < 5)
    ;
  ps = _xtos_set_min_intlevel (1);
  ets_delay_us (1000);
  enabled = _xtos_ints_off (1 << TICK | 1 << FRC1 | 1 << FRC2);
  _xtos_restore_intlevel (ps);
  ets_printf ("timers %x\n", enabled);
}

void start (void);

void
start (void)
{
  ets_printf ("reset %d\n", rtc_get_reset_reason ());
  try_words ();
  try_flash ();
  try_digest ();
  try_timers ();
  ets_wdt_enable (0, 1, 1);
  ets_wdt_disable ();
  ets_delay_us (2500000);
  ets_printf ("alive\n");
  ets_wdt_enable (0, 1, 1);
  while (1)
    ;
}
