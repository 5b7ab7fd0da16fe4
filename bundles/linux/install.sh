#!/bin/sh
# Install mnistviz for you alone, with its entry in the menu: sh install.sh
# Remove it again, but not your runs: sh ~/.local/lib/mnistviz/install.sh --remove
set -eu

here=$(dirname "$(readlink -f "$0")")
data=${XDG_DATA_HOME:-$HOME/.local/share}
folder=$HOME/.local/lib/mnistviz
command=$HOME/.local/bin/mnistviz

remove() {
    rm -rf "$folder"
    [ "$(readlink "$command")" != "$folder/mnistviz" ] || rm "$command"
    rm -f "$data"/applications/mnistviz.desktop "$data"/metainfo/*mnistviz.metainfo.xml "$data"/mime/packages/mnistviz.xml
    rm -f "$data"/icons/hicolor/*/*/mnistviz.* "$data"/icons/hicolor/*/mimetypes/application-x-mnistviz.svg
}

install() {
    mkdir -p "$folder" "${command%/*}" "$data"
    cp -R "$here"/. "$folder"
    ln -sf "$folder/mnistviz" "$command"
    cp -R "$folder"/share/. "$data"
    sed -i "s|^Exec=mnistviz|Exec=\"$folder/mnistviz\"|" "$data/applications/mnistviz.desktop"
}

tell_desktop() {
    for update in "update-desktop-database $data/applications" "update-mime-database $data/mime"; do
        ${update} >/dev/null 2>&1 || true # where it is lacking, the desktop looks itself
    done
}

case ${1:-} in
--remove) remove && tell_desktop && echo "mnistviz is removed. Your runs are still in $data/mnistviz." ;;
"")
    [ "$here" != "$folder" ] || { echo "It is installed already. sh $0 --remove removes it." && exit; }
    remove && install && tell_desktop && echo "mnistviz is in the menu now, and is started by $command, too."
    ;;
*) echo "Usage: sh install.sh [--remove]" >&2 && exit 2 ;;
esac
exit # the file is gone: read no further
