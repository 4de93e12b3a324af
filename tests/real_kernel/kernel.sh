#!/bin/sh
# Builds the kernel; runs in a fresh Debian that has the source and a compiler, with kernel.fragment beside it.
set -eu
cd "$(dirname "$0")"

tar -xJf /usr/src/linux-source-*.tar.xz --strip-components=1 --one-top-level=linux
cd linux

# A process's registers are read and written back as one block, and its size depends on the processor outside: with
# AMX it is 11008 bytes, four times what this kernel has room for, and its first process dies with "ptrace set fp regs
# failed". Too much room does no harm, but some of it is taken from the stack: hence KERNEL_STACK_ORDER.
sed -i 's/DEFINE_LONGS(HOST_FP_SIZE, 2696)/DEFINE_LONGS(HOST_FP_SIZE, 12288)/' arch/x86/um/user-offsets.c
grep -q 'HOST_FP_SIZE, 12288' arch/x86/um/user-offsets.c

# A message that isn't acknowledged is an error with any real controller; this driver only counts the ones that were.
sed -i '/count = virtio_i2c_complete_reqs(/a if (count < num) count = -EREMOTEIO;' drivers/i2c/busses/i2c-virtio.c
grep -q EREMOTEIO drivers/i2c/busses/i2c-virtio.c

# Newer versions of it let a signal end the waiting, and after a refused message wait for none of those behind it; but
# they free all of them, so what is still on its way to the bus may be anything. Older ones wait, and so shall these.
sed -i -e '/^\t\tif (!failed) {$/i wait_for_completion(&req->completion);' \
    -e 's/if (wait_for_completion_interruptible(&req->completion))/if (false)/' drivers/i2c/busses/i2c-virtio.c
grep -q 'wait_for_completion(&req->completion);' drivers/i2c/busses/i2c-virtio.c
! grep -q wait_for_completion_interruptible drivers/i2c/busses/i2c-virtio.c || exit 1

make -s ARCH=um x86_64_defconfig
scripts/kconfig/merge_config.sh -m .config ../kernel.fragment >/dev/null
make -s ARCH=um olddefconfig
# What can't be had because of what it depends on would only be noticed in the machine.
grep CONFIG_ ../kernel.fragment | while read -r wanted; do
    case $wanted in
        *"is not set") ! grep -q "^$(echo "$wanted" | cut -d' ' -f2)=" .config ;;
        *) grep -qx "$wanted" .config ;;
    esac || { echo "kernel.fragment: $wanted is not to be had like this" >&2; exit 1; }
done
make -s ARCH=um -j"$(nproc)" linux
strip -o ../linux.uml linux
