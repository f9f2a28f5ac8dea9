"""OpenStack Swift in one process: account, container and object server behind a proxy with the S3 API.

Arguments: a folder, and the ports of the four. All in one, because starting four takes four times as long.
"""
import sys

import eventlet

eventlet.patcher.monkey_patch(all=False, socket=True, select=True, thread=True)

from eventlet import wsgi  # noqa: E402
from swift.common.http_protocol import SwiftHttpProtocol  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

COMMON = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[app:{name}-server]
use = egg:swift#{name}
account_autocreate = true
# There is one of each: a crowd must not make the proxy shut it out for a minute.
error_suppression_limit = 1000000
[pipeline:main]
pipeline = {filters} {name}-server
"""
FILTERS = """
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
# It must be there, and what it asks may be away.
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
"""
PIPELINE = "catch_errors gatekeeper listing_formats cache bulk s3api tempauth slo"

folder, *given = sys.argv[1:]
ports = dict(zip(("account", "container", "object", "proxy"), map(int, given)))

for name, port in ports.items():
    is_proxy = name == "proxy"
    with open(f"{folder}/{name}.conf", "w") as conf:
        filters = PIPELINE if is_proxy else ""
        conf.write(COMMON.format(folder=folder, name=name, filters=filters) + (FILTERS if is_proxy else ""))
    if is_proxy:
        continue
    ring = RingBuilder(1, 1, 0)
    ring.add_dev(
        dict(id=0, region=1, zone=1, device="d1", weight=1.0, meta="")
        | dict(ip="127.0.0.1", port=port, replication_ip="127.0.0.1", replication_port=port)
    )
    ring.rebalance()
    ring.get_ring().save(f"{folder}/{name}.ring.gz")

servers = [
    eventlet.spawn(
        wsgi.server,
        eventlet.listen(("127.0.0.1", port)),
        loadapp(f"{folder}/{name}.conf", global_conf={"log_name": name}),
        sys.stderr,
        protocol=SwiftHttpProtocol,
    )
    for name, port in ports.items()
]
for server in servers:
    server.wait()
