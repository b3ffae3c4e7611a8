# Special variables, classes and process functions (spec §1.7, §3.9, §6.4)

WRITE $HOROLOG," ",$ZTIMESTAMP," ",$ZTIMEZONE,!
	66899,47109 66899,47109.123456789 0

WRITE $JOB>999,$ZPARENT,$ZCHILD,$ZJOB,!
	1005

WRITE $IO," ",$PRINCIPAL," ",$ZIO," ",$ZMODE,!
	00 00 TRM: RY\Latin1\K\UTF8\

WRITE $ZA,$ZB,$KEY,$ZEOF,$ZEOS,$DEVICE,! SET $DEVICE="1,mine,x" WRITE $DEVICE,!
	000
	1,mine,x

WRITE "ab",$X,?5,$X,! WRITE $Y,!
	ab2  5
	1

SET $X=7 WRITE $X,!
	7

WRITE $STORAGE>0,$ZSTORAGE>0,$ZHOROLOG,$ZPI,!
	1103.141592653589793238

WRITE $ZVERSION["Cache",$ZVERSION["IRIS",$ZVERSION(1),##class(%SYSTEM.Version).GetVersion()=$ZVERSION,!
	1131

WRITE $SYSTEM[":",$USERNAME=$SYSTEM.Process.UserName(),$ROLES,$HALT,$THIS,!
	11%All

ROUTINE t
t WRITE $ZNAME,$SYSTEM.Process.Routine(),$STACK,$ESTACK DO s QUIT
s NEW $ESTACK WRITE $STACK,$ESTACK,$STACK(1),$STACK(-1),$QUIT,! DO u QUIT
u WRITE $STACK,$ESTACK,$STACK(2,"PLACE"),"|",$STACK(3,"MCODE"),! QUIT
	tt1120DO20
	31s^t +3|u WRITE $STACK,$ESTACK,$STACK(2,"PLACE"),"|",$STACK(3,"MCODE"),! QUIT

SET ^g(1)="a",^g(2)="b",x=^g(1) WRITE $REFERENCE,$ZREFERENCE,$ZORDER,!
	^g(1)^g(1)b

# Expect: <NAKED>
SET ^g(1)="a" SET $ZREFERENCE="" WRITE ^(2)

WRITE $NAMESPACE,$ZNSPACE,$SYSTEM.Process.NameSpace() SET $ZNSPACE="x" WRITE $NAMESPACE,!
	USERUSERUSERX

WRITE $ZUTIL(5),$ZUTIL(53),$ZUTIL(67,1),$ZUTIL(68,15,1),$ZUTIL(68,15),$SYSTEM.Process.DisconnectErr(),!
	USER0011

# Expect: <FUNCTION> $ZUTIL(999)
WRITE $ZUTIL(999)

WRITE $ZUTIL(110)=##class(%SYSTEM.INetInfo).LocalHostName(),!
	1

WRITE $SEQUENCE(x),$SEQUENCE(^s),$SEQUENCE(^s),!
	112

WRITE $XECUTE("QUIT 1+1"),!
	2

SET o=##class(%Exception.General).%New("n",1) WRITE $ISOBJECT(o),$ISOBJECT(1),o.%IsA("%Exception.AbstractException"),o.%ClassName(),o.%ClassName(1),!
	101General%Exception.General

TRY { WRITE 1/0 } CATCH e { WRITE e.AsSystemError(),! }
	<DIVIDE>

WRITE $CLASSMETHOD("%SYSTEM.Process","NameSpace"),!
	USER

# Expect: <CLASS DOES NOT EXIST> *No.Such
WRITE ##class(No.Such).M()

# Expect: <METHOD DOES NOT EXIST> *Nope,%SYSTEM.Process
WRITE ##class(%SYSTEM.Process).Nope()

# Expect: <INVALID OREF>
SET x=1 WRITE x.Name

# Expect: <PROPERTY DOES NOT EXIST> *Nope,%Exception.General
SET o=##class(%Exception.General).%New() WRITE o.Nope

WRITE $SYSTEM.Process.Undefined(2),x,y(1),$SYSTEM.Process.Undefined(0),!
	02

WRITE $SYSTEM.Process.NullSubscripts(1) SET a("")=5 WRITE a(""),$SYSTEM.Process.NullSubscripts(0),!
	051

WRITE $SYSTEM.Process.State(),$SYSTEM.Process.State(1),$SYSTEM.Process.CurrentDevice(),$SYSTEM.Process.OSError(),!
	RUN00

WRITE $EXTRACT(##class(%SYSTEM.Process).CurrentDirectory(),1)'="",!
	1

WRITE ##class(%SYSTEM.INetInfo).AddrType("localhost"),##class(%SYSTEM.INetInfo).AddrType("1.2.3.4"),##class(%SYSTEM.INetInfo).AddrType("::1"),##class(%SYSTEM.INetInfo).HostNameToAddr("127.0.0.1"),!
	012127.0.0.1

WRITE ##class(%Device).GetType(),##class(%Library.Device).GetNullDevice() OPEN "/dev/null" USE "/dev/null" SET t=##class(%Device).GetType() USE 0 WRITE t,!
	1/dev/null6

# %Device.ChangePrincipal makes the current device principal
OPEN "/dev/null" USE "/dev/null" SET r=##class(%Library.Device).ChangePrincipal() USE 0 WRITE "unseen"

# Expect: <FUNCTION>
WRITE $SYSTEM.TCPDevice.LocalAddrPort()

# Expect: <FUNCTION>
WRITE $SYSTEM.TCPDevice.PeerAddrPort()

# a file ends: <ENDOFFILE>, or $ZEOF after SetZEOF(1)
SET f="/nonexistent/file" OPEN f:"R":0 WRITE $TEST,$SYSTEM.Process.OSError()'="",!
	01

# a cause that has no number is told without one
OPEN "|TCP|1":("127.0.0.1":70000):0 WRITE $TEST," ",$SYSTEM.Process.OSError(),!
	0 port number out of range: 70000

TRY { OPEN "|TCP|1":("127.0.0.1":70000) } CATCH { WRITE $SYSTEM.Process.OSError(),! }
	port number out of range: 70000

# Expect: <ENDOFFILE>
SET f="/proc/self/comm" OPEN f:"R":1 USE f READ x SET z=$ZPOS READ y

SET f="/proc/self/comm",old=$SYSTEM.Process.SetZEOF(1) OPEN f:"R":1 USE f READ x,y SET z=$ZEOF USE 0 WRITE z,y,!
	-1
