/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the stub finds in the chip: registers, and functions of the mask ROM (addresses: rom.ld). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define STUB_REG(address) (*(volatile uint32_t *) (address))

/* UART 0: ESP8266 technical reference, appendix 1 */
#define UART_FIFO STUB_REG (0x60000000)
#define UART_INT_STATUS STUB_REG (0x60000008)
#define UART_INT_ENABLE STUB_REG (0x6000000c)
#define UART_INT_CLEAR STUB_REG (0x60000010)
#define UART_DIVIDER STUB_REG (0x60000014)
#define UART_STATUS STUB_REG (0x6000001c)
#define UART_CONF1 STUB_REG (0x60000024)
#define UART_INTERRUPT 5u

/* Bit 0 doubles the processor's clock (Espressif's SDKs, CPU_CLK); lines and flash keep theirs. */
#define CPU_CLOCK STUB_REG (0x3ff00014)

/* Lets the flash have the undivided bus clock (Espressif's SDKs, PERIPHS_IO_MUX) */
#define IO_MUX STUB_REG (0x60000800)
#define IO_MUX_FLASH_WHOLE (1u << 8)

/* SPI 0, the flash controller: the same, appendix 2 */
#define SPI_CMD STUB_REG (0x60000200)
#define SPI_ADDR STUB_REG (0x60000204)
#define SPI_CTRL STUB_REG (0x60000208)
#define SPI_RD_STATUS STUB_REG (0x60000210)
#define SPI_USER STUB_REG (0x6000021c)
#define SPI_USER1 STUB_REG (0x60000220)
#define SPI_USER2 STUB_REG (0x60000224)
#define SPI_W ((volatile uint32_t *) 0x60000240)

/* An MD5 context of the ROM: state, bit count, input. */
typedef struct {
  uint32_t words[22];
} StubMd5;

void ets_isr_attach (uint32_t number, void (*handler) (void *), void *data);
void ets_isr_mask (uint32_t mask);
void ets_isr_unmask (uint32_t mask);
void ets_delay_us (uint32_t us);
void software_reset (void);
void uart_div_modify (uint32_t uart, uint32_t divider);
void SelectSpiFunction (void);
void spi_flash_attach (void);
uint32_t SPIParamCfg (uint32_t id,
                      uint32_t size,
                      uint32_t block,
                      uint32_t sector,
                      uint32_t page,
                      uint32_t status_mask);
void MD5Init (StubMd5 *self);
void MD5Update (StubMd5 *self, const void *data, uint32_t len);
void MD5Final (uint8_t digest[16], StubMd5 *self);
void *memcpy (void *to, const void *from, size_t len);
void *memset (void *to, int value, size_t len);

/* The cycle counter: 52 or 80 MHz, or twice that. */
static inline uint32_t
stub_cycles (void)
{
  uint32_t cycles;

  __asm__ volatile("rsr %0, ccount" : "=r"(cycles));
  return cycles;
}
