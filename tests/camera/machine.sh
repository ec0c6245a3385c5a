#!/usr/bin/env bash
# A small virtual machine with real V4L2 drivers, in which the camera tests run.
#
#   machine.sh build FOLDER            fetch a Debian kernel, compile v4l2loopback, write FOLDER/{kernel,initramfs.gz}
#   machine.sh run FOLDER COMMAND      run COMMAND in it with bash, as root, in this machine's own file system
#
# Cameras inside: vivid (the kernel's emulated webcam, which can be pulled out), with an output and a metadata node
# beside it as real webcams have them, and three v4l2loopback devices (/dev/video10 to 12) that show what is written
# into them. Plain emulation: no /dev/kvm needed. Nothing is installed on this machine; the kernel is only unpacked.
set -euo pipefail

build() {
  local folder=$1 work
  work=$(mktemp -d)
  trap "rm -rf '$work'" EXIT
  mkdir -p "$folder" "$work/debs" "$work/system" "$work/root"/{bin,modules,proc,sys,dev,host}
  fetch_kernel "$work"
  compile_loopback "$work"
  collect_modules "$work"
  cp "$(command -v busybox)" "$work/root/bin/busybox"
  write_init "$work/root/init"
  (cd "$work/root" && find . | cpio -o -H newc --quiet | gzip -1) >"$folder/initramfs.gz.part"
  cp "$work"/system/boot/vmlinuz-* "$folder/kernel"
  # Last, because its presence says that the machine is whole.
  mv "$folder/initramfs.gz.part" "$folder/initramfs.gz"
}

fetch_kernel() { # into $1/system
  local image version kbuild
  image=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*-amd64\)$/\1/p' | tail -n 1)
  [[ -n $image ]] || { echo "apt knows no linux-image-amd64: this needs Debian on x86-64"; exit 1; }
  version=${image#linux-image-}
  kbuild=$(apt-cache depends "linux-headers-$version" | sed -n 's/.*Depends: \(linux-kbuild-.*\)$/\1/p' | tail -n 1)
  (cd "$1/debs" && apt-get download -qq "$image" "linux-headers-$version" "linux-headers-${version%-amd64}-common" \
    "$kbuild" v4l2loopback-dkms) >/dev/null
  local deb
  for deb in "$1"/debs/*.deb; do dpkg-deb -x "$deb" "$1/system"; done
  echo "$version" >"$1/version"
}

compile_loopback() {
  local version source
  version=$(cat "$1/version")
  source=$(echo "$1"/system/usr/src/v4l2loopback-*)
  # Version 0.12 takes no second feed after one that used write(), as ffmpeg does: it forgets that this was a writer.
  sed -i 's|^\tdev->ready_for_output = 0;$|&\n\tfh_to_opener(file->private_data)->type = WRITER;|' "$source/v4l2loopback.c"
  make -s -C "$1/system/usr/src/linux-headers-${version%-amd64}-common" O="$1/system/usr/src/linux-headers-$version" \
    M="$source" CC=gcc ARCH=x86 modules
  cp "$source/v4l2loopback.ko" "$1/root/modules/"
}

collect_modules() { # with what they depend on, in the order in which they load
  local version base module
  version=$(cat "$1/version")
  base=$1/system
  [[ -d $base/lib/modules ]] || base=$1/system/usr
  depmod -b "$base" "$version"
  for module in virtio_pci 9p 9pnet_virtio vivid; do
    modprobe -d "$base" -S "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' >"$1/list"
  while read -r module; do
    cp "$module" "$1/root/modules/"
    basename "$module" >>"$1/root/order"
  done <"$1/list"
  echo v4l2loopback.ko >>"$1/root/order"
}

write_init() {
  cat >"$1" <<'INIT'
#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc proc /proc; $B mount -t sysfs sys /sys; $B mount -t devtmpfs dev /dev
while read -r module; do
  options=""
  case $module in
    # Capture, output and metadata nodes; input type 0 is a webcam.
    vivid.ko*) options="n_devs=1 node_types=0x20101 num_inputs=1 input_types=0";;
    # exclusive_caps: capture devices only while something is written into them, as programs expect. Without it a
    # device always says that it can do both.
    v4l2loopback.ko) options="devices=3 video_nr=10,11,12 exclusive_caps=1,1,0 card_label=Loop-A,Loop-B,Loop-C";;
  esac
  $B insmod "/modules/$module" $options || echo "cannot load $module"
done </order
$B mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose host /host
$B mount -t proc proc /host/proc; $B mount -t sysfs sys /host/sys; $B mount -t devtmpfs dev /host/dev
$B mkdir -p /host/dev/shm /host/dev/pts
$B mount -t tmpfs shm /host/dev/shm; $B mount -t devpts pts /host/dev/pts
# Everything that is written goes here, into memory: writing through the shared file system is slow.
$B mount -t tmpfs -o size=1g run /host/run
$B ifconfig lo 127.0.0.1 up
$B mkdir -m 700 /host/run/home /host/run/tmp
$B chroot /host /usr/bin/env -i HOME=/run/home XDG_RUNTIME_DIR=/run/home TMPDIR=/run/tmp PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
  bash "$($B sed -n 's/.*JOB=\([^ ]*\).*/\1/p' /proc/cmdline)"
echo "machine: exit $?"
$B sync; $B poweroff -f
INIT
  chmod +x "$1"
}

run() {
  local folder=$1 job
  job=$(mktemp --suffix=.sh)
  trap "rm -f '$job'" EXIT
  echo "$2" >"$job"
  # Emulating one processor is faster than emulating two that wait for each other, and most of all on a busy machine.
  # A boot parameter has no room for much and none for quotes: it names a file.
  qemu-system-x86_64 -accel tcg -cpu Haswell -smp 1 -m 3072 -nographic -no-reboot -nic none \
    -kernel "$folder/kernel" -initrd "$folder/initramfs.gz" -append "console=ttyS0 quiet panic=-1 mitigations=off JOB=$job" \
    -virtfs local,path=/,mount_tag=host,security_model=none,multidevs=remap </dev/null 2>&1 | sed -u 's/\r//g'
}

case ${1:-} in
  build) build "$2" ;;
  run) run "$2" "$3" ;;
  *) sed -n '2,6p' "$0" >&2; exit 2 ;;
esac
