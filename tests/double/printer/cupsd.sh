# Sourced by printer.sh: the configuration of a private cupsd below $run.

# lp runs the filters and backends, so every folder above must let it in.
cups_folders() {
	mkdir -p "$run/cups"/{etc/ssl,etc/ppd,spool/tmp,cache,state/certs,log}
	chown root:lp "$run/cups"/{etc,etc/ppd,state,cache,spool,spool/tmp}
	chmod 0755 "$run/cups" "$run/cups"/{etc,etc/ppd,state}
	chmod 0770 "$run/cups/cache"
	chmod 0710 "$run/cups/spool"
	chmod 1770 "$run/cups/spool/tmp"
}

cups_files() {
	cat <<-EOT
	User lp
	Group lp
	SystemGroup root lpadmin
	ServerRoot $run/cups/etc
	ServerBin /usr/lib/cups
	DataDir /usr/share/cups
	DocumentRoot /usr/share/cups/doc-root
	RequestRoot $run/cups/spool
	TempDir $run/cups/spool/tmp
	CacheDir $run/cups/cache
	StateDir $run/cups/state
	Printcap
	ServerKeychain $run/cups/etc/ssl
	AccessLog $run/cups/log/access_log
	ErrorLog $run/cups/log/error_log
	PageLog $run/cups/log/page_log
	FatalErrors config
	SyncOnClose Yes
	EOT
}

cups_daemon() { # PORT
	cat <<-EOT
	LogLevel info
	MaxLogSize 0
	ServerName localhost
	Listen 127.0.0.1:$1
	Listen $run/cups/state/cups.sock
	Browsing Off
	BrowseLocalProtocols none
	WebInterface No
	DefaultShared No
	DefaultAuthType Basic
	DefaultEncryption Never
	ErrorPolicy abort-job
	PreserveJobHistory Yes
	PreserveJobFiles No
	MaxJobs 500
	DirtyCleanInterval 0
	<Location />
	  Order allow,deny
	  Allow localhost
	</Location>
	<Policy default>
	  JobPrivateAccess all
	  JobPrivateValues none
	  <Limit CUPS-Add-Modify-Printer CUPS-Delete-Printer Pause-Printer Resume-Printer Enable-Printer Disable-Printer CUPS-Accept-Jobs CUPS-Reject-Jobs>
	    AuthType Default
	    Require user @SYSTEM
	    Order deny,allow
	  </Limit>
	  <Limit Cancel-Job Hold-Job Release-Job Restart-Job>
	    Require user @OWNER @SYSTEM
	    Order deny,allow
	  </Limit>
	  <Limit All>
	    Order deny,allow
	  </Limit>
	</Policy>
	EOT
}

cups_configure() { # PORT
	cups_folders
	cups_files >"$run/cups/etc/cups-files.conf"
	cups_daemon "$1" >"$run/cups/etc/cupsd.conf"
	chown root:lp "$run/cups/etc"/*.conf
	chmod 0640 "$run/cups/etc"/*.conf
}

# A job found in the spool would be printed again: a second card.
cups_purge() {
	find "$run/cups/spool" -maxdepth 1 -type f -delete
	rm -f "$run/cups/cache/job.cache"*
}
