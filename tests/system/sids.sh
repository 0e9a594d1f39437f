#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A guest that spins through contexts takes no shadow PIDs, and so no shadows,
# from those that need no more than their share.
. "${0%/*}/lib.sh"

hostile sids
host sids
