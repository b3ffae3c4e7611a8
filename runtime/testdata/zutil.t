# $ZUTIL (rule B12)

WRITE $ZUTIL(0)," ",$ZUTIL(5)," ",$ZUTIL(5,"x")," ",$ZUTIL(5),!
	USER,COS USER X X

# Expect: <FUNCTION> $ZUTIL(0)
WRITE $ZUTIL(0,"/tmp/x")

# Expect: <NAMESPACE> *!
WRITE $ZUTIL(5,"!")

WRITE $EXTRACT($ZUTIL(12),*)," ",$ZUTIL(12,"/tmp/../nowhere/x")," ",$ZUTIL(12,"/tmp/./x",0)," ",$ZUTIL(12,"/nowhere",2),"|",$ZUTIL(12,"/dev/../dev",2),"|",$ZUTIL(12,"/dev/null"),!
	/ /nowhere/x/ /tmp/x |/dev/|

WRITE $ZUTIL(53),"|",$ZUTIL(56,2),"|" SET $ZERROR="<READ>loop+3^srv x" WRITE $ZUTIL(56,2),"|",$ZUTIL(56,0),!
	||loop+3^srv|

OPEN "/nowhere/x":"R":0 WRITE $TEST,$ZUTIL(56,6),!
	0<2> No such file or directory

ROUTINE t
t WRITE $ZUTIL(67,0,$JOB),$ZUTIL(67,1,$JOB),$ZUTIL(67,0,12),$ZUTIL(67,$JOB),$ZUTIL(67,12)," "
 WRITE $ZUTIL(67,4)," ",$ZUTIL(67,5)," ",$ZUTIL(67,6)," ",$ZUTIL(67,7)," ",$ZUTIL(67,11)=$USERNAME,$ZUTIL(67,15),$ZUTIL(67,5,12),!
 DO $ZUTIL(67,99)
 WRITE $ZUTIL(67,8,$JOB)_$ZUTIL(68,7,1)_$ZUTIL(69,13)_"|",!
	22010 RUN t USER 00 1
	|

# The state, namespace, routine and device of another process, as of its last wait.
ROUTINE t
t JOB other() SET pid=$ZCHILD
 FOR  QUIT:$ZUTIL(67,4,pid)="HANG"  HANG .001
 WRITE $ZUTIL(67,0,pid)," ",$ZUTIL(67,5,pid)," ",$SYSTEM.Process.NameSpace(pid)," ",$SYSTEM.Process.Routine(pid)," ",$ZUTIL(67,6,pid)," ",$ZUTIL(67,7,pid)," ",$SYSTEM.Process.CurrentDevice(pid),!
 DO $SYSTEM.Process.Terminate(pid)
 FOR  QUIT:'$ZUTIL(67,0,pid)  HANG .001
 WRITE $ZUTIL(67,4,pid),"|",!
 QUIT
other() SET $NAMESPACE="Y" HANG 100
	2 t Y t Y /dev/null /dev/null
	|

WRITE $ZUTIL(68,1),$ZUTIL(68,1,1),$ZUTIL(68,1) SET x("")=1 WRITE $DATA(x("")),$ZUTIL(68,1,0),!
	00111

WRITE $ZUTIL(68,15,1),$ZUTIL(68,15),$SYSTEM.Process.DisconnectErr(0),$ZUTIL(68,15),$ZUTIL(68,40,1),$SYSTEM.Process.SetZEOF(),!
	011001

WRITE $ZUTIL(68,5),$SYSTEM.Process.BreakMode(0),$ZUTIL(68,5) BREAK  WRITE "on",$ZUTIL(68,5,1),!
	110on0

WRITE $ZUTIL(68,55),$ZUTIL(68,55,0),$ZUTIL(68,55,1),!
	110

# 69 is for processes that start later.
ROUTINE t
t WRITE $ZUTIL(69,40,1),$ZUTIL(69,40),$ZUTIL(68,40),$ZUTIL(69,55,0),$ZUTIL(69,1),$ZUTIL(69,2),$ZUTIL(69,3),$ZUTIL(69,5),$ZUTIL(69,15),!
 DO $ZUTIL(68,15,1)
 JOB other() FOR  QUIT:$DATA(^zutil)  HANG .001
 WRITE ^zutil,!
 QUIT
other() SET ^zutil=$ZUTIL(68,40)_$ZUTIL(68,55)_$ZUTIL(68,15)
	010100010
	100

# OpenMode and FileMode
SET f="/tmp/cos-zutil-"_$JOB OPEN f:"W":0 WRITE $TEST,$ZUTIL(68,3,1) OPEN f:"W":0 WRITE $TEST USE f WRITE "abc" CLOSE f
OPEN f USE f SET m=$ZMODE USE 0 WRITE " ",m CLOSE f
WRITE $ZUTIL(68,2,1),$SYSTEM.Process.OpenMode(),$SYSTEM.Process.FileMode() OPEN f USE f SET m=$ZMODE USE 0 WRITE m CLOSE f:"D"
	001 RSK\UTF8\011RWESK\UTF8\

WRITE $ZUTIL(110)=##class(%SYSTEM.INetInfo).LocalHostName(),"|",$ZUTIL(111),"|",$ZUTIL(125,1),"|",$ZUTIL(190,17),!
	1|||

WRITE $ZUTIL(132),$ZU(132),!
	11

# Expect: <FUNCTION>
WRITE $ZUTIL(189)

# Expect: <FUNCTION>
WRITE $ZUTIL(189,1)

ROUTINE t
t SET f="/tmp/cos-zutil-"_$JOB,g=f_"g" OPEN f:"WN" USE f WRITE "abc" CLOSE f
 WRITE $ZUTIL(140,1,f),$ZUTIL(140,4,f),$ZUTIL(140,4,g)," ",$ZUTIL(140,2,f)?5N1","1.5N,$ZUTIL(140,3,f)?5N1","1.5N,$ZUTIL(140,7,f)>0," "
 WRITE $ZUTIL(140,11,f,g),$ZUTIL(140,14,f,g),$ZUTIL(140,1,g)," ",$ZUTIL(140,12,f,6),$ZUTIL(140,12,f,1)," "
 WRITE $ZUTIL(140,6,g,f_"h"),$ZUTIL(140,4,g),$ZUTIL(140,5,f_"h"),$ZUTIL(140,5,f),$ZUTIL(140,5,f)," "
 WRITE $ZUTIL(140,9,f),$ZUTIL(140,9,f),$ZUTIL(140,5,f),$ZUTIL(140,10,f),$ZUTIL(140,10,f),!
	30-2 111 006 0-13 0-200-2 0-17-50-2

# Expect: <FUNCTION> $ZUTIL(140,99)
WRITE $ZUTIL(140,99,"x")

SET d=$ZUTIL(168) WRITE $EXTRACT(d,*),$ZUTIL(168,"/")," ",$ZUTIL(168,d)=d,$SYSTEM.Process.CurrentDirectory()=d,!
	// 11

# Expect: <DIRECTORY> *//nowhere
DO $ZUTIL(168,"//nowhere")

WRITE $ZUTIL(188),!
	66899,47109.123456789

# Expect: <FUNCTION> $ZUTIL(999)
DO $ZU(999)

# Expect: <FUNCTION> $ZUTIL(18)
WRITE $ZUTIL(18,2)
