package runtime

// What other M systems have and Caché has not. A routine that serves several systems
// asks for the system before it uses such a line: it must load, and raises a clear error
// when it is reached.

import "strings"

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
