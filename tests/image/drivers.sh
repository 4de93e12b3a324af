#!/bin/sh
# drivers.sh VERSION: builds the two drivers that Debian's kernel lacks; runs in a fresh Debian that has the source, a
# compiler and the headers of that kernel.
set -eu
cd "$(dirname "$0")"

tar -xJf /usr/src/linux-source-*.tar.xz --strip-components=4 --wildcards '*/drivers/i2c/busses/i2c-virtio.c'
tar -xJf /usr/src/linux-source-*.tar.xz --strip-components=3 --wildcards '*/drivers/gpio/gpio-virtio.c'

# A message that isn't acknowledged is an error with any real controller; this driver only counts the ones that were.
sed -i '/count = virtio_i2c_complete_reqs(/a if (count < num) count = -EREMOTEIO;' i2c-virtio.c
grep -q EREMOTEIO i2c-virtio.c

# It lets a signal end the waiting, and after a refused message waits for none of those behind it; but it frees all of
# them, so what is still on its way to the bus may be anything. A real bus goes on to the end.
sed -i -e '/^\t\tif (!failed) {$/i wait_for_completion(&req->completion);' \
    -e 's/if (wait_for_completion_interruptible(&req->completion))/if (false)/' i2c-virtio.c
grep -q 'wait_for_completion(&req->completion);' i2c-virtio.c
! grep -q wait_for_completion_interruptible i2c-virtio.c || exit 1

# QEMU gives it a queue of four places, and a message takes three.
sed -i -e 's/\.xfer = virtio_i2c_xfer,/.xfer = one_by_one,/' -e '/^static u32 virtio_i2c_func(/i \
static int one_by_one(struct i2c_adapter *adap, struct i2c_msg *msgs, int num)\
{\
	int i;\
\
	for (i = 0; i < num; i++)\
		if (virtio_i2c_xfer(adap, msgs + i, 1) != 1)\
			return -EREMOTEIO;\
	return num;\
}\
' i2c-virtio.c
test "$(grep -c one_by_one i2c-virtio.c)" = 2

# QEMU up to 7.2 keeps from the machine that the controller tells of edges.
sed -i 's/if (virtio_has_feature(vdev, VIRTIO_GPIO_F_IRQ))/if (true)/' gpio-virtio.c
grep -q 'if (true)' gpio-virtio.c

printf 'obj-m := i2c-virtio.o gpio-virtio.o\n' >Makefile
make -s -C "/lib/modules/$1/build" M="$PWD" modules
# Who wants to know which line of the source it was builds it again.
strip --strip-debug ./*.ko
tar -cf drivers.tar i2c-virtio.ko gpio-virtio.ko
