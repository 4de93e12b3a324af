# Lays a folder for changes over a root, and runs a command there with another folder at /mnt:
# enter.sh BELOW CHANGES FOLDER COMMAND...
# BELOW is what lies under it, from the top, with colons between. All that is mounted is its own: `unshare` sees to that.
set -eu
below=$1 changes=$2 folder=$3
shift 3
mkdir -p "$changes/upper" "$changes/work" "$changes/whole"
mount -t overlay overlay -o "lowerdir=$below,upperdir=$changes/upper,workdir=$changes/work" "$changes/whole"
exec sh "$(dirname "$0")/../pythons/enter.sh" "$changes/whole" "$folder" "$@"
