# Lays a folder for changes over a root, and boots both with systemd as process 1: boot.sh BELOW CHANGES FOLDER
set -eu
below=$1 changes=$2 folder=$3
mkdir -p "$changes/upper" "$changes/work" "$changes/whole"
mount -t overlay overlay -o "lowerdir=$below,upperdir=$changes/upper,workdir=$changes/work" "$changes/whole"
# Where systemd isn't process 1 itself, nspawn has to be told that it needn't ask it; and it wants a terminal.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
exec script -qfc "systemd-nspawn --keep-unit --register=no --private-network --boot --directory=$changes/whole --bind=$folder:/mnt --machine=unsit-$$" \
    "$changes/console" </dev/null >/dev/null
