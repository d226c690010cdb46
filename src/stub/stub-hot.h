/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The stub is built for size; the few functions that see every byte are not. */
#pragma once

#ifdef __XTENSA__
#define STUB_HOT __attribute__ ((optimize ("O2")))
#else
#define STUB_HOT
#endif
