package runtime

// What other M systems have and Caché has not. A routine that serves several systems
// asks for the system before it uses such a line: it must load, and raises a clear error
// when it is reached.

import (
	"strings"

	"cos/lang"
)

// foreignFunctions and foreignSpecials: full names and abbreviations by system. Names
// that Caché has too are in its own tables, which come first.
var (
	foreignFunctions = map[string]string{
		"GT.M": "ZAHANDLE ZATRANSFORM ZAUDITLOG ZAUDIT ZCOLLATE ZCO ZDEV ZFIND ZGETDVI ZGETJPI ZGETLKI ZGETSYI ZJOBEXAM ZJUSTIFY ZJ ZLKID ZM ZMESSAGE ZPARSE ZPEEK ZPIECE ZPID ZPREVIOUS ZP ZPRIV ZQGBLMOD ZSETPRV ZSIGPROC ZSOCKET ZSUBSTR ZSYSLOG ZTRANSLATE ZTRIGGER ZTRNLNM ZWRITE ZYHASH ZYISSQLNULL ZYSUFFIX",
		"DSM":  "ZCALL ZSORT",
		"MSM":  "ZBN ZDEVSPEED ZOS ZL",
		"DTM":  "ZJOB",
	}
	// functions of Caché that another system gives more arguments, or that have another
	// meaning there: $ZC(%GETJPI,0,"PRCNAM") calls VMS
	foreignArguments = map[string]string{"ZC": "DSM", "ZSEARCH": "GT.M", "ZSE": "GT.M", "VIEW": "MSM", "V": "MSM"}
	foreignSpecials  = map[string]string{
		"GT.M":  "ZALLOCSTOR ZAUDIT ZCHSET ZCLOSE ZCL ZCOMPILE ZCO ZCSTATUS ZC ZDATEFORM ZDA ZDIRECTORY ZD ZEDITOR ZED ZGBLDIR ZG ZICUVER ZININTERRUPT ZINI ZINTERRUPT ZINT ZKEY ZLEVEL ZL ZMALLOCLIM ZMAXTPTIME ZMAXTPTI ZONLNRLBK ZPATNUMERIC ZPATN ZPIN ZPOSITION ZPOS ZPOUT ZPROCESS ZPROC ZPROMPT ZPROM ZQUIT ZQ ZREALSTOR ZRELDATE ZRO ZROUTINES ZSOURCE ZSO ZSTATUS ZST ZSTEP ZSTRPLLIM ZSYSTEM ZSY ZTDATA ZTEXIT ZTE ZTIMEOUT ZTNAME ZTOLDVAL ZTRIGGEROP ZTSLATE ZTUPDATE ZTVALUE ZTWORMHOLE ZUSEDSTOR ZUT ZYERROR ZYINTRSIG ZYRELEASE ZYSQLNULL",
		"DSM":   "ZIOS ZEO ZGLD ZDIR",
		"DTM":   "ZVER",
		"MWAPI": "PD PDISPLAY EREF",
	}
)

var functionSystems, specialSystems = systems(foreignFunctions), systems(foreignSpecials)

// systems turns a table of lists around.
func systems(lists map[string]string) map[string]string {
	of := map[string]string{}
	for system, names := range lists {
		for _, name := range strings.Fields(names) {
			of[name] = system
		}
	}
	return of
}

// foreignFunction is the system that has a function, "" for none. $& calls are what all
// of them have.
func foreignFunction(name string) string {
	if strings.HasPrefix(name, "&") {
		return "other M systems"
	}
	return functionSystems[name]
}

// foreignSpecial is the system that has a special variable, "" for none.
func foreignSpecial(name string) string {
	if strings.HasPrefix(name, "&") {
		return "other M systems"
	}
	return specialSystems[name]
}

// foreignExpr is a function or special variable of another system.
type foreignExpr struct{ msg string }

func (n *foreignExpr) eval(p *Process) Value {
	p.raise(errFunction, "*"+n.msg)
	return Empty
}

// foreignParameters are GT.M's names of parameters of devices and of JOB, which stand
// before a = or alone: (LISTEN="1:TCP":attach="x"), (newversion).
var foreignParameters = names(`APPEND ATTACH BIGRECORD BLOCKSIZE CANONICAL CENABLE CHSET CMDLINE COMMAND CONNECT CONVERT CTRAP
	DEFAULT DELETE DELIMITER DESTROY DETACH ECHO EMPTERM ERASELINE ERROR ESCAPE EXCEPTION FFLF FIFO FILTER FIXED FLUSH FOLLOW GBLDIR
	GROUP HOSTSYNC HUPENABLE ICHSET INDEPENDENT INPUT INREWIND INSEEK INSERT IOERROR KEY LENGTH LISTEN LOGFILE MOREREADTIME NEWVERSION
	NOCANONICAL NOCENABLE NOCONVERT NODELIMITER NODESTROY NODETACH NOECHO NOEMPTERM NOESCAPE NOFFLF NOFILTER NOFIXED NOFOLLOW
	NOHOSTSYNC NOINSERT NOPASTHRU NOREADSYNC NOSTREAM NOTRUNCATE NOTTSYNC NOTYPEAHEAD NOWRAP OCHSET OUTPUT OUTREWIND OUTSEEK OWNER
	PAD PARSE PASSCURLVN PASTHRU PRIORITY READONLY READSYNC RECORDSIZE RENAME REPLACE REWIND SEEK SHELL SOCKET STARTUP STDERR STREAM SYSTEM
	TERMINATOR TRUNCATE TTSYNC TYPEAHEAD UPSCROLL VARIABLE WIDTH WORLD WRAP ZBFSIZE ZDELAY ZIBFSIZE ZNODELAY`)

// foreignControls are GT.M's controls of sockets: WRITE /LISTEN(5).
var foreignControls = names("ACCEPT BLOCK LISTEN PASS TLS WAIT")

// names is a set of names.
func names(list string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(list) {
		set[name] = true
	}
	return set
}

// foreignParam is a parameter that reads as GT.M's. In Caché the name is a variable, and
// the parameter its value or a comparison with it; only when there is no such variable is
// the line not meant for Caché.
type foreignParam struct {
	expr
	name string
	slot int
}

func (n *foreignParam) eval(p *Process) Value {
	if v := p.lookup(n.slot); v == nil || v.kind == kindUndefined {
		p.raise(errCommand, "*"+n.name+" is a parameter of GT.M's")
	}
	return n.expr.eval(p)
}

// parameter compiles the value of a parameter of OPEN, USE, CLOSE and JOB.
func (c *compiler) parameter(e *lang.Expr) expr {
	x := c.exprOf(e)
	if e == nil {
		return x
	}
	name, of := "", e.X
	if b, ok := of.(*lang.Binary); ok && b.Op == "=" {
		of, name = b.L, "="
	}
	if v, ok := of.(*lang.Var); ok && len(v.Subs) == 0 && foreignParameters[strings.ToUpper(v.Name)] {
		return &foreignParam{x, v.Name + name, c.slot(v.Name)}
	}
	return x
}
