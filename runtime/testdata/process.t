# %SYSTEM.Process: what is asked of processes

WRITE $SYSTEM.Process.JobType(),$SYSTEM.Process.JobType($JOB),$SYSTEM.Process.JobType(12),"[",$SYSTEM.Process.ClientIPAddress(),$SYSTEM.Process.ClientNodeName(),$SYSTEM.Process.ClientExecutableName(),$SYSTEM.Process.ClientIPAddress(12),"]",!
	110[]

WRITE $SYSTEM.Process.Terminate(12),!
	-3

SET ^||a=1,^||b(2)=3,x=4 WRITE $SYSTEM.Process.KillAllPrivateGlobals(),$DATA(^||a),$DATA(^||b),x,!
	1004

SET old=$SYSTEM.Process.CurrentDirectory("/") WRITE $SYSTEM.Process.CurrentDirectory()," ",$SYSTEM.Process.CurrentDirectory(old),!
	/ /

# Expect: <DIRECTORY> */no such directory
WRITE $SYSTEM.Process.CurrentDirectory("/no such directory")

# Expect: <DIVIDE>
DO $SYSTEM.Process.ThrowError(18)

# Expect: <FUNCTION>
DO $SYSTEM.Process.ThrowError(9999)

# switches with one position
WRITE $SYSTEM.Process.PopError(),$SYSTEM.Process.PopError(0),$SYSTEM.Process.AsynchError(1),$SYSTEM.Process.DX(),$SYSTEM.Process.IEEEError(),$SYSTEM.Process.LineRecall(),$SYSTEM.Process.NodeNameInPid(),$SYSTEM.Process.ScientificNotation(),$SYSTEM.Process.TruncateOverflow(),$SYSTEM.Process.ZDateNull(),!
	0010110100

# Expect: <UNIMPLEMENTED>
WRITE $SYSTEM.Process.PopError(1)

WRITE $SYSTEM.Process.Broadcast($JOB,"to myself"),$SYSTEM.Process.Broadcast(12,"to nobody"),!
	10

DO $SYSTEM.Process.Help("KillAllPrivateGlobals")
	KillAllPrivateGlobals() - kills all process-private globals; 1

# JOB @x: the parameters and the timeout may stand behind the indirection, or in its text.
ROUTINE t
t NEW x SET x="child(""a"")"
 IF 0
 JOB @x:("Y"):5 WRITE $TEST,!
 FOR  QUIT:$DATA(^|"Y"|jobind)  HANG .001
 WRITE ^|"Y"|jobind,!
 SET x="child(""b""):(""Z""):5" JOB @x
 FOR  QUIT:$DATA(^|"Z"|jobind)  HANG .001
 WRITE ^|"Z"|jobind,!
 QUIT
child(text) SET ^jobind=text
 QUIT
	1
	a
	b

# Expect: <SYNTAX>
ROUTINE t
t SET x="child():(""Z""):5" JOB @x:(::):5
 QUIT
child() QUIT
