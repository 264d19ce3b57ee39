#!/bin/sh
# unpack_kernel.sh FOLDER: Debian's kernel and the drivers a Bluetooth guest may need, unpacked
# there and nowhere installed. Fetches 70 MB once.
set -eu
folder=$1
[ -e "$folder/version" ] && exit 0
command -v apt-get >/dev/null 2>&1 || { echo "not a Debian system: no kernel to unpack"; exit 0; }
rm -rf "$folder" && mkdir -p "$folder" && cd "$folder"
package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ {print $2; exit}')
[ -n "$package" ] || { echo "apt knows no kernel; to have it look: sudo apt update"; exit 1; }
version=${package#linux-image-}
echo "fetching $package"
apt-get -qq download "$package" 2>/dev/null
drivers=./lib/modules/$version/kernel
dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x "./boot/vmlinuz-$version" \
	"./lib/modules/$version/modules.order" "./lib/modules/$version/modules.builtin" \
	"$drivers/crypto" "$drivers/lib" "$drivers/net/bluetooth" "$drivers/net/core" "$drivers/net/rfkill" \
	"$drivers/drivers/bluetooth" "$drivers/drivers/char" "$drivers/drivers/hid" \
	"$drivers/drivers/net/virtio_net.ko" "$drivers/drivers/net/net_failover.ko" "$drivers/drivers/virtio"
rm "$package"_*.deb
/sbin/depmod -b . "$version"
echo "$version" >version
