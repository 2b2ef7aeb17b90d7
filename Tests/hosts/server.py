"""A private PostgreSQL server with a replica, which listen on the bridge and on sockets in the run's folder."""

import glob, os, shutil, signal, subprocess, time

import psycopg

DATABASE = "hosts"
PORTS = (5499, 5500)
POOLER_PORT = 5498


class Server:
    """A primary and its replica, which has each commit before the client learns of it."""

    def __init__(self, folder, address, network, has_pooler=False):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"), key=lambda path: int(path.split("/")[4]))
        self.programs = os.path.dirname(found[-1])
        self.folder = f"{folder}/server"
        self.address = address
        self.primary = 0
        self.pooler = None
        os.mkdir(self.folder)
        # The server refuses to run as root.
        shutil.chown(self.folder, "postgres", "postgres")
        data = self._data(0)
        self._run("initdb", "--pgdata", data, "--username", "owner", "--auth", "trust",
                  "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        with open(f"{data}/pg_hba.conf", "a") as file:
            file.write(f"host all all {network} trust\n")
        with open(f"{data}/postgresql.conf", "a") as file:
            # A crash of the server's processes loses nothing without fsync; only one of the machine does.
            file.write(f"listen_addresses = '{address}'\nfsync = off\nunix_socket_directories = '{self.folder}'\n"
                       "log_line_prefix = '%m [%p] %h '\nlog_lock_waits = on\nwal_retrieve_retry_interval = 100ms\n")
        self._control(0, "start")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._add_replica()
        self._control(0, "reload")
        if has_pooler:
            self._start_pooler()

    @property
    def port(self):
        return PORTS[self.primary]

    def url(self, database=DATABASE):
        return f"postgresql://owner@/{database}?host={self.folder}&port={self.port}"

    def remote_url(self, options=""):
        """Of whichever of the two is the primary."""
        if self.pooler:
            return f"postgresql://owner@{self.address}:{POOLER_PORT}/{DATABASE}" + (f"?{options}" if options else "")
        hosts = ",".join(f"{self.address}:{port}" for port in PORTS)
        return f"postgresql://owner@{hosts}/{DATABASE}?target_session_attrs=read-write" + (f"&{options}" if options else "")

    def promote_replica(self):
        """The primary's machine dies, the replica is the primary, and another replica follows it."""
        self._control(self.primary, "stop", "--mode", "immediate")
        shutil.rmtree(self._data(self.primary))
        self.primary = 1 - self.primary
        self._control(self.primary, "promote")
        self._point_pooler()
        self._add_replica()

    def connect(self, **arguments):
        return psycopg.connect(self.url(), autocommit=True, options="-c search_path=asinqd", **arguments)

    def query(self, sql, *arguments):
        """The rows of one statement, on a connection of its own, once the server accepts one."""
        for _ in range(100):
            try:
                with self.connect() as connection:
                    cursor = connection.execute(sql, arguments)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError("the server accepts no connection")

    def restart(self, seconds_down=0.0):
        self._control(self.primary, "stop", "--mode", "immediate")
        time.sleep(seconds_down)
        self._control(self.primary, "start")

    def stop(self):
        if self.pooler:
            self.pooler.terminate()
            self.pooler.wait(30)
        for member in (0, 1):
            subprocess.run(self._as_postgres(f"{self.programs}/pg_ctl", "stop", "--mode", "immediate", "--pgdata",
                                             self._data(member)),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)

    def terminate_sessions(self, address):
        return self.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                          "WHERE client_addr = %s::text::inet", address)[0][0]

    def _data(self, member):
        return f"{self.folder}/data{member}"

    def _add_replica(self):
        member = 1 - self.primary
        self._run("pg_basebackup", "--pgdata", self._data(member), "--host", self.folder, "--port", str(self.port),
                  "--username", "owner", "--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
        self._control(member, "start")

    def _start_pooler(self):
        self.pooler_settings = f"{self.folder}/pgbouncer.ini"
        self._point_pooler(is_new=True)
        self.pooler = subprocess.Popen(
            self._as_postgres("/usr/sbin/pgbouncer", self.pooler_settings), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)

    def _point_pooler(self, is_new=False):
        """Each transaction gets any session."""
        if not self.pooler and not is_new:
            return
        with open(self.pooler_settings, "w") as file:
            file.write(f"[databases]\n{DATABASE} = host={self.folder} port={self.port} user=owner\n"
                       f"[pgbouncer]\nlisten_addr = {self.address}\nlisten_port = {POOLER_PORT}\nauth_type = any\n"
                       f"pool_mode = transaction\nlogfile = {self.folder}/pgbouncer.log\n"
                       f"unix_socket_dir = {self.folder}\nserver_login_retry = 1\n"
                       f"pidfile = {self.folder}/pgbouncer.pid\n")
        if self.pooler:
            # Its parent is runuser.
            with open(f"{self.folder}/pgbouncer.pid") as file:
                os.kill(int(file.read()), signal.SIGHUP)

    def _control(self, member, action, *arguments):
        more = ("--log", f"{self.folder}/log{member}", "--options", f"-c port={PORTS[member]}")
        self._run("pg_ctl", action, *(() if action == "reload" else ("--wait",)), "--pgdata", self._data(member), *arguments,
                  *(more if action == "start" else ()))

    def _as_postgres(self, program, *arguments):
        return ["runuser", "-u", "postgres", "--", program, *arguments]

    def _run(self, program, *arguments):
        # The started server must not keep a pipe open.
        with open(f"{self.folder}/{program}.out", "a") as output:
            done = subprocess.run(self._as_postgres(f"{self.programs}/{program}", *arguments), cwd=self.folder,
                                  stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(arguments)}: {open(output.name).read()[-500:]}")
