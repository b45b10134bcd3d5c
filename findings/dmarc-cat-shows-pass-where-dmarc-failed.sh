#!/usr/bin/env bash
# Expected: dmarc-cat shows for each row of an aggregate report how DMARC came out: dkim and spf of `policy_evaluated`, and the disposition.
# Found (dmarc-cat 0.15.0, Debian 12): its columns RDKIM and RSPF are the raw results of `auth_results`, for whatever domain they were. Mail signed by the
#   provider alone, rejected under p=reject, is shown as "pass pass", without its disposition. Aligned mail differs from it in the column RFrom alone.
# What follows: a domain whose mail is being rejected looks healthy in it. Read policy_evaluated.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get dmarc-cat=0.15.0-1+b4
dpkg -x dmarc-cat_*.deb .
row() { # address, disposition, dkim and spf of the policy, the domain that signed and of the sender
  cat <<XML
<record><row><source_ip>$1</source_ip><count>1</count><policy_evaluated><disposition>$2</disposition><dkim>$3</dkim><spf>$4</spf></policy_evaluated></row>
<identifiers><header_from>shop.example</header_from></identifiers><auth_results>
<dkim><domain>$5</domain><selector>s</selector><result>pass</result></dkim><spf><domain>$5</domain><result>pass</result></spf></auth_results></record>
XML
}
report='receiver.example!shop.example!1795737600!1795823999.xml'
cat >"$report" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<feedback><report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email><report_id>1</report_id>
<date_range><begin>1795737600</begin><end>1795823999</end></date_range></report_metadata>
<policy_published><domain>shop.example</domain><adkim>r</adkim><aspf>r</aspf><p>reject</p><sp>reject</sp><pct>100</pct></policy_published>
$(row 192.0.2.1 none pass pass shop.example)
$(row 192.0.2.2 reject fail fail provider.example)
</feedback>
XML
dpkg-deb -f dmarc-cat_*.deb Package Version
out=$(timeout 30 usr/bin/dmarc-cat -N "$report" | grep -E '^(Policy|IP|192)' | sed 's/ *$//' | (sed -u 2q; sort))
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
Policy: p=reject; dkim=r; spf=r
IP        Count   From         RFrom            RDKIM   RSPF
192.0.2.1 1       shop.example shop.example     pass    pass
192.0.2.2 1       shop.example provider.example pass    pass
EXPECTED
