#!/bin/sh
# The office's own certificates, good for one name only: whoever steals a key can pretend to be this server, not a bank.
#   deploy/make-root.sh kb.example.go.id DIR
# makes DIR/akar.crt for the phones with DIR/akar.key, and DIR/antara.crt with DIR/antara.key, with which Caddy signs for five
# years. When antara.crt is missing there, a new one is made under the same root: no phone is touched for that.
set -eu
name=${1:?the name people type, e.g. kb.example.go.id}
dir=${2:?the folder to write into}
[ ! -e "$dir/antara.crt" ] || { echo "$dir/antara.crt is there already; nothing was changed" >&2; exit 1; }
umask 077
mkdir -p "$dir"
conf=$(mktemp)
trap 'rm -f "$conf" "$conf.csr"' EXIT
cat >"$conf" <<CONF
[req]
distinguished_name = dn
prompt = no
[dn]
O = DPPKB
CN = Kampanye $name
[dn_antara]
O = DPPKB
CN = Kampanye $name (antara)
[akar]
basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, @names
[antara]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[names]
permitted;DNS.0 = $name
excluded;IP.0 = 0.0.0.0/0.0.0.0
excluded;IP.1 = 0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0
CONF
if [ ! -e "$dir/akar.crt" ]; then
	openssl ecparam -name prime256v1 -genkey -noout -out "$dir/akar.key"
	openssl req -x509 -new -sha256 -key "$dir/akar.key" -days 3650 -config "$conf" -extensions akar -out "$dir/akar.crt"
fi
openssl ecparam -name prime256v1 -genkey -noout -out "$dir/antara.key"
sed -i 's/^distinguished_name = dn$/distinguished_name = dn_antara/' "$conf"
openssl req -new -sha256 -key "$dir/antara.key" -config "$conf" -out "$conf.csr"
openssl x509 -req -sha256 -in "$conf.csr" -CA "$dir/akar.crt" -CAkey "$dir/akar.key" -set_serial "0x$(openssl rand -hex 16)" \
	-days 1825 -extfile "$conf" -extensions antara -out "$dir/antara.crt" 2>/dev/null
chmod 644 "$dir/akar.crt" "$dir/antara.crt"
echo "Sidik jari akar (SHA-256), untuk dicocokkan di HP:"
openssl x509 -in "$dir/akar.crt" -noout -fingerprint -sha256 | sed 's/^[^=]*=//'
