# sources: commands
S x=1,(a,b(1))=2,$P(x,"^",2)=3,@y,@z=4,^g(1)=5,$x=6,obj.p=7
	line 1
		SET
			Arg
				Target x
				Value 1
			Arg
				Target a
				Target b(1)
				Value 2
			Arg
				Target $P(x,"^",2)
				Value 3
			Arg
				Target (@ y)
			Arg
				Target (@ z)
				Value 4
			Arg
				Target ^g(1)
				Value 5
			Arg
				Target $X
				Value 6
			Arg
				Target obj.p
				Value 7
set:x>1 y=x + 1  set z=2
	line 1
		SET:(> x 1)
			Arg
				Target y
				Value (+ x 1)
		SET
			Arg
				Target z
				Value 2
MERGE ^a=b(1),@x,@y=^b
	line 1
		MERGE
			Arg
				Target ^a
				Source b(1)
			Arg
				Target (@ x)
			Arg
				Target (@ y)
				Source ^b
M a=b
	line 1
		MERGE
			Arg
				Target a
				Source b
W "x",1+2,!,!!?5,#,?x+1,*65,*-3,/CUP(1,2),/EL,@x
	line 1
		WRITE
			Arg
				Expr "x"
			Arg
				Expr (+ 1 2)
			Arg
				Format
					Op !
			Arg
				Format
					Op !
				Format
					Op !
				Format
					Op ?
					Column 5
			Arg
				Format
					Op #
			Arg
				Format
					Op ?
					Column (+ x 1)
			Arg
				Star 65
			Arg
				Star (- 3)
			Arg
				Mnemonic
					Name CUP
					Arg 1
					Arg 2
			Arg
				Mnemonic
					Name EL
			Arg
				Expr (@ x)
WRITE !!?5
	line 1
		WRITE
			Arg
				Format
					Op !
				Format
					Op !
				Format
					Op ?
					Column 5
WRITE
	line 1
		WRITE
W  S x=1
	line 1
		WRITE
		SET
			Arg
				Target x
				Value 1
R x
	line 1
		READ
			Arg
				Var x
R !,"Name: ",x:10,*y,z#3:5,@w,^g(1),/EL
	line 1
		READ
			Arg
				Format
					Op !
			Arg
				Prompt "Name: "
			Arg
				Var x
				Timeout 10
			Arg
				Star true
				Var y
			Arg
				Var z
				Length 3
				Timeout 5
			Arg
				Var (@ w)
			Arg
				Var ^g(1)
			Arg
				Mnemonic
					Name EL
READ #!?5,x#n+1:t,obj.p
	line 1
		READ
			Arg
				Format
					Op #
				Format
					Op !
				Format
					Op ?
					Column 5
			Arg
				Var x
				Length (+ n 1)
				Timeout t
			Arg
				Var obj.p
I x=1,y S z=1 E  S z=2
	line 1
		IF
			Cond (= x 1)
			Cond y
		SET
			Arg
				Target z
				Value 1
		ELSE
		SET
			Arg
				Target z
				Value 2
IF  W 1
	line 1
		IF
		WRITE
			Arg
				Expr 1
IF x { W 1 } ELSEIF y,z { W 2 } ELSEIF w { W 3 } ELSE { W 4 } W 5
	line 1
		IF
			Cond x
			Block 1:6 to 1:12
				line 1
					WRITE
						Arg
							Expr 1
			ElseIf
				Cond y
				Cond z
				Block 1:25 to 1:31
					line 1
						WRITE
							Arg
								Expr 2
			ElseIf
				Cond w
				Block 1:42 to 1:48
					line 1
						WRITE
							Arg
								Expr 3
			Else 1:55 to 1:61
				line 1
					WRITE
						Arg
							Expr 4
		WRITE
			Arg
				Expr 5
if(x){w 1}else{w 2}
	line 1
		IF
			Cond x
			Block 1:6 to 1:10
				line 1
					WRITE
						Arg
							Expr 1
			Else 1:15 to 1:19
				line 1
					WRITE
						Arg
							Expr 2
ELSE  W 1
	line 1
		ELSE
		WRITE
			Arg
				Expr 1
ELSE W 1
	line 1
		ELSE
		WRITE
			Arg
				Expr 1
FOR i=1:1:10,20,x:y S z=i
	line 1
		FOR
			Var i
			Range
				From 1
				Step 1
				To 10
			Range
				From 20
			Range
				From x
				Step y
		SET
			Arg
				Target z
				Value i
F  Q:x  S x=1
	line 1
		FOR
		QUIT:x
		SET
			Arg
				Target x
				Value 1
FOR {Q}
	line 1
		FOR
			Block 1:5 to 1:7
				line 1
					QUIT
F i="a","b" { W i } W 1
	line 1
		FOR
			Var i
			Range
				From "a"
			Range
				From "b"
			Block 1:13 to 1:19
				line 1
					WRITE
						Arg
							Expr i
		WRITE
			Arg
				Expr 1
WHILE x,y { CONTINUE:z  QUIT }
	line 1
		WHILE
			Cond x
			Cond y
			Block 1:11 to 1:30
				line 1
					CONTINUE:z
					QUIT
while(x) { w 1 }
	line 1
		WHILE
			Cond x
			Block 1:10 to 1:16
				line 1
					WRITE
						Arg
							Expr 1
DO lab,lab^rtn:x,^r(1,.y,),lab+1^r,@a,@a^b,obj.m(1),##class(A.B).m(),$SYSTEM.X.Y(),..m(),1^r,$case(x,1:a^b,:c)
	line 1
		DO
			Arg
				Entry lab
			Arg
				Entry lab^rtn
				Post x
			Arg
				Entry ^r
				Actual (1,.y,-)
				Parens true
			Arg
				Entry lab+1^r
			Arg
				Call (@ a)
			Arg
				Entry (@ a)^b
			Arg
				Call obj.m(1)
			Arg
				Call ##class(A.B).m()
			Arg
				Call $SYSTEM.X.Y()
			Arg
				Call ..m()
			Arg
				Entry 1^r
			Arg
				Call $CASE(x,1:entry a^b,-:entry c)
D
	line 1
		DO
D:x  W 1
	line 1
		DO:x
		WRITE
			Arg
				Expr 1
D { S x=1 } WHILE x<5,y W 2
	line 1
		DO
			Block 1:3 to 1:11
				line 1
					SET
						Arg
							Target x
							Value 1
			While (< x 5)
			While y
		WRITE
			Arg
				Expr 2
G lab:x,^r,@x
	line 1
		GOTO
			Arg
				Entry lab
				Post x
			Arg
				Entry ^r
			Arg
				Call (@ x)
GOTO
	line 1
		GOTO
J child:(:17:io:io):5,^monitor::20,lab^r["NS"](1,2),lab^r|"NS"|:(x),##class(A).m(1):(1:2):3,a:(1:2),b::t,@x
	line 1
		JOB
			Arg
				Entry child
				Param
				Param
					Value 17
				Param
					Value io
				Param
					Value io
				Timeout 5
			Arg
				Entry ^monitor
				Timeout 20
			Arg
				Entry lab^r in "NS"
				Actual (1,2)
				Parens true
			Arg
				Entry lab^r in "NS"
				Param
					Value x
			Arg
				Call ##class(A).m(1)
				Param
					Value 1
				Param
					Value 2
				Timeout 3
			Arg
				Entry a
				Param
					Value 1
				Param
					Value 2
			Arg
				Entry b
				Timeout t
			Arg
				Call (@ x)
JOB c(1,"x"):(:4:"|TCP|1":"|TCP|1")
	line 1
		JOB
			Arg
				Entry c
				Actual (1,"x")
				Parens true
				Param
				Param
					Value 4
				Param
					Value "|TCP|1"
				Param
					Value "|TCP|1"
O dev:("h":7000:"M":$C(3,4)):10,"|TCP|4200"::10,x:(/PSTE:/HOSTNAME="1":/PORT=p),d:/GZIP=1,"f":"WNS":5:"mn",d:(:4200:"PSTE"::32767:32767)
	line 1
		OPEN
			Arg
				Device dev
				Group
					Parens true
					Param
						Value "h"
					Param
						Value 7000
					Param
						Value "M"
					Param
						Value $C(3,4)
				Group
					Param
						Value 10
			Arg
				Device "|TCP|4200"
				Group
				Group
					Param
						Value 10
			Arg
				Device x
				Group
					Parens true
					Param
						Key /PSTE
					Param
						Key /HOSTNAME
						Value "1"
					Param
						Key /PORT
						Value p
			Arg
				Device d
				Group
					Param
						Key /GZIP
						Value 1
			Arg
				Device "f"
				Group
					Param
						Value "WNS"
				Group
					Param
						Value 5
				Group
					Param
						Value "mn"
			Arg
				Device d
				Group
					Parens true
					Param
					Param
						Value 4200
					Param
						Value "PSTE"
					Param
					Param
						Value 32767
					Param
						Value 32767
U dev:(::"-Q+W"),0:("":"IS"),d,d:(/SEN=0)
	line 1
		USE
			Arg
				Device dev
				Group
					Parens true
					Param
					Param
					Param
						Value "-Q+W"
			Arg
				Device 0
				Group
					Parens true
					Param
						Value ""
					Param
						Value "IS"
			Arg
				Device d
			Arg
				Device d
				Group
					Parens true
					Param
						Key /SEN
						Value 0
C dev,"f":"D",x:("R":"new")
	line 1
		CLOSE
			Arg
				Device dev
			Arg
				Device "f"
				Group
					Param
						Value "D"
			Arg
				Device x
				Group
					Parens true
					Param
						Value "R"
					Param
						Value "new"
OPEN dev:(a)_b:(t+1)*2
	line 1
		OPEN
			Arg
				Device dev
				Group
					Param
						Value (_ a b)
				Group
					Param
						Value (* (+ t 1) 2)
KILL x USE d CLOSE d
	line 1
		KILL
			Arg
				Var x
		USE
			Arg
				Device d
		CLOSE
			Arg
				Device d
K  K x,^y(1),(a,b) N  N x,(a),$ETRAP NEW:z x,@y
	line 1
		KILL
		KILL
			Arg
				Var x
			Arg
				Var ^y(1)
			Arg
				Except a
				Except b
		NEW
		NEW
			Arg
				Var x
			Arg
				Except a
			Arg
				Var $ETRAP
		NEW:z
			Arg
				Var x
			Arg
				Var (@ y)
ZK x ZKILL ^y(1)
	line 1
		ZKILL
			Arg
				Var x
		ZKILL
			Arg
				Var ^y(1)
L +^x(1)#"SE":0,-(^a,^b(1)):t,^c,@d L  LOCK  L
	line 1
		LOCK
			Arg
				Sign +
				Name
					Ref ^x(1)
					Type "SE"
				Timeout 0
			Arg
				Sign -
				Parens true
				Name
					Ref ^a
				Name
					Ref ^b(1)
				Timeout t
			Arg
				Name
					Ref ^c
			Arg
				Name
					Ref (@ d)
		LOCK
		LOCK
		LOCK
ZA ^x:1 ZD ^x ZALLOCATE ^a ZDEALLOCATE
	line 1
		ZALLOCATE
			Arg
				Name
					Ref ^x
				Timeout 1
		ZDEALLOCATE
			Arg
				Name
					Ref ^x
		ZALLOCATE
			Arg
				Name
					Ref ^a
		ZDEALLOCATE
Q  Q:x  Q x+1 QUIT $$f(1) RET  RETURN x RETURN:x
	line 1
		QUIT
		QUIT:x
		QUIT
			Arg
				X (+ x 1)
		QUIT
			Arg
				X $$ f(1)
		RETURN
		RETURN
			Arg
				X x
		RETURN:x
H  H 1 H:x  H:x 2 HALT HANG 1.5,2 HALT:x
	line 1
		HALT
		HANG
			Arg
				X 1
		HALT:x
		HANG:x
			Arg
				X 2
		HALT
		HANG
			Arg
				X 1.5
			Arg
				X 2
		HALT:x
X "S x=1",y:z,("s a=b",1,.c):d,(e)_f XECUTE @x
	line 1
		XECUTE
			Arg
				X "S x=1"
			Arg
				X y
				Post z
			Arg
				X "s a=b"
				Post d
				Parens true
				Actual (1,.c)
			Arg
				X (_ e f)
		XECUTE
			Arg
				X (@ x)
B  BREAK "S+" B:x 1
	line 1
		BREAK
		BREAK
			Arg
				X "S+"
		BREAK:x
			Arg
				X 1
TRY { S x=1 } CATCH ex { W 2 } W 3
	line 1
		TRY
			Block 1:5 to 1:13
				line 1
					SET
						Arg
							Target x
							Value 1
			Catch 1:24 to 1:30
				line 1
					WRITE
						Arg
							Expr 2
			CatchVar ex
		WRITE
			Arg
				Expr 3
TRY{}CATCH{}
	line 1
		TRY
			Block 1:4 to 1:5
			Catch 1:11 to 1:12
TRY { THROW x } CATCH (e) { THROW }
	line 1
		TRY
			Block 1:5 to 1:15
				line 1
					THROW
						Arg
							X x
			Catch 1:27 to 1:35
				line 1
					THROW
			CatchVar e
TS  TC  TRO  TRO 1 TSTART:x  TCOMMIT  TROLLBACK
	line 1
		TSTART
		TCOMMIT
		TROLLBACK
		TROLLBACK
			Arg
				X 1
		TSTART:x
		TCOMMIT
		TROLLBACK
TSTART ():SERIAL W 1
	line 1
		TSTART
		WRITE
			Arg
				Expr 1
VIEW 1:2:3 V x
	line 1
		Bad VIEW 1:1
		Bad VIEW 1:12
ZN "USER" ZNSPACE x
	line 1
		ZNSPACE
			Arg
				X "USER"
		ZNSPACE
			Arg
				X x
ZW  ZW x,^y(1) ZWRITE  ZZWRITE x ZZDUMP "a"
	line 1
		ZWRITE
		ZWRITE
			Arg
				X x
			Arg
				X ^y(1)
		ZWRITE
		ZZWRITE
			Arg
				X x
		ZZDUMP
			Arg
				X "a"
ZL rtn ZL  ZS  ZS rtn ZLOAD @x ZSAVE
	line 1
		ZLOAD
			Arg
				X entry rtn
		ZLOAD
		ZSAVE
		ZSAVE
			Arg
				X entry rtn
		ZLOAD
			Arg
				X entry (@ x)
		ZSAVE
ZSYNC  ZSYNC:x
	line 1
		ZSYNC
		ZSYNC:x
W /PASS(,5,"h"),/WAIT(),/X
	line 1
		WRITE
			Arg
				Mnemonic
					Name PASS
					Arg
					Arg 5
					Arg "h"
			Arg
				Mnemonic
					Name WAIT
			Arg
				Mnemonic
					Name X
ZP  ZP lab+1^r:lab2 ZPRINT  PRINT lab P ^r
	line 1
		ZPRINT
		ZPRINT
			Arg
				X entry lab+1^r
				Post entry lab2
		ZPRINT
		PRINT
			Arg
				X entry lab
		PRINT
			Arg
				X entry ^r
ZI " code":lab+1 ZI x_y ZINSERT "x"
	line 1
		ZINSERT
			Arg
				X " code"
				Post entry lab+1
		ZINSERT
			Arg
				X (_ x y)
		ZINSERT
			Arg
				X "x"
ZR lab:lab+2 ZR  ZREMOVE
	line 1
		ZREMOVE
			Arg
				X entry lab
				Post entry lab+2
		ZREMOVE
		ZREMOVE
ZB lab^r:"N":"x=1" ZB  ZBREAK
	line 1
		ZBREAK
			Arg
				X entry lab^r
				Post "N"
				More "x=1"
		ZBREAK
		ZBREAK
ZT  ZT "A" ZTRAP  ZQ  ZQ 1 ZQUIT
	line 1
		ZTRAP
		ZTRAP
			Arg
				X "A"
		ZTRAP
		ZQUIT
		ZQUIT
			Arg
				X 1
		ZQUIT
ZSHOW "*":x W 1
	line 1
		Bad ZSHOW 1:1
		WRITE
			Arg
				Expr 1
ZGOTO 1:lab ZSYSTEM "ls" ZLINK "r" ZMESSAGE 5 ZHALT  ZHALT 3 ZG  ZSY  ZL  ZM 1 ZHA
	line 1
		Bad ZGOTO 1:1
		Bad ZSYSTEM 1:13
		Bad ZLINK 1:26
		Bad ZMESSAGE 1:36
		Bad ZHALT 1:47
		Bad ZHALT 1:54
		Bad ZGOTO 1:62
		Bad ZSYSTEM 1:66
		ZLOAD
		Bad ZMESSAGE 1:75
		Bad ZHALT 1:80
TRESTART  TRE  ZCOMPILE "x" ZCOM "x" ZCONTINUE  ZC  ZEDIT "x" ZED "x" ZHELP  ZH  ZRUPDATE "x" ZRUP "x" ZSTEP  ZST  ZTCOMMIT  ZTC  ZTRIGGER ^x ZTR ^x ZTSTART  ZTS  ZWITHDRAW x ZWI x ZLIN "r" ZSH "v"
	line 1
		Bad TRESTART 1:1
		Bad TRESTART 1:11
		Bad ZCOMPILE 1:16
		Bad ZCOMPILE 1:29
		Bad ZCONTINUE 1:38
		Bad ZCONTINUE 1:49
		Bad ZEDIT 1:53
		Bad ZEDIT 1:63
		Bad ZHELP 1:71
		Bad ZHELP 1:78
		Bad ZRUPDATE 1:82
		Bad ZRUPDATE 1:95
		Bad ZSTEP 1:104
		Bad ZSTEP 1:111
		Bad ZTCOMMIT 1:116
		Bad ZTCOMMIT 1:126
		Bad ZTRIGGER 1:131
		Bad ZTRIGGER 1:143
		Bad ZTSTART 1:150
		Bad ZTSTART 1:159
		Bad ZWITHDRAW 1:164
		Bad ZWITHDRAW 1:176
		Bad ZLINK 1:182
		Bad ZSHOW 1:191
$$$ThrowOnError(sc) W 1 &sql(SELECT 1⏎ INTO :x) W 2
	line 1
		Bad  1:1
		WRITE
			Arg
				Expr 1
		Bad  1:25
		WRITE
			Arg
				Expr 2
S x=1 ; a comment
	line 1
		SET
			Arg
				Target x
				Value 1
S x=1 // a comment
	line 1
		SET
			Arg
				Target x
				Value 1
S x=1 ##; a comment
	line 1
		SET
			Arg
				Target x
				Value 1
/* one */ S /* two */ x=1 /* three⏎four */  W 5
	line 1
		Bad SET 1:23
	1:23: unexpected "XECUTE", expected the arguments of SET
S x=1⏎ . S y=2
	line 1
		SET
			Arg
				Target x
				Value 1
	line 2 level 1
		SET
			Arg
				Target y
				Value 2
W 1,⏎ 2,⏎ 3
	line 1
		WRITE
			Arg
				Expr 1
			Arg
				Expr 2
			Arg
				Expr 3
S x=y⏎ +z
	line 1
		SET
			Arg
				Target x
				Value (+ y z)
W $LB(1,⏎ 2⏎ )
	line 1
		WRITE
			Arg
				Expr $LB(1,2)
S x={"a":1,⏎ // why⏎ "b":2}
	line 1
		SET
			Arg
				Target x
				Value {"a":1,"b":2}
IF x⏎{⏎ W 1⏎}⏎ELSEIF y⏎{⏎}⏎⏎ELSE⏎ ; a comment⏎{⏎ W 2⏎}
	line 1
		IF
			Cond x
			Block 2:1 to 4:1
				line 3
					WRITE
						Arg
							Expr 1
			ElseIf
				Cond y
				Block 6:1 to 7:1
			Else 11:1 to 13:1
				line 12
					WRITE
						Arg
							Expr 2
TRY⏎{⏎}⏎CATCH ex⏎{⏎}
	line 1
		TRY
			Block 2:1 to 3:1
			Catch 5:1 to 6:1
			CatchVar ex
DO {⏎}⏎WHILE x W 1
	line 1
		DO
			Block 1:4 to 2:1
			While x
		WRITE
			Arg
				Expr 1
S x=1⏎&sql(COMMIT)⏎W 1
	line 1
		SET
			Arg
				Target x
				Value 1
	line 2
		Bad  2:1
	line 3
		WRITE
			Arg
				Expr 1
W ##class(A).m(1,⏎##class(B).n(),⏎ ..x())
	line 1
		WRITE
			Arg
				Expr ##class(A).m(1,##class(B).n(),..x())
FOR i=1:1:3 { IF i=2 { CONTINUE } W i }
	line 1
		FOR
			Var i
			Range
				From 1
				Step 1
				To 3
			Block 1:13 to 1:39
				line 1
					IF
						Cond (= i 2)
						Block 1:22 to 1:33
							line 1
								CONTINUE
					WRITE
						Arg
							Expr i
IF a { IF b { W 1 } ELSE { W 2 } } ELSE { W 3 }
	line 1
		IF
			Cond a
			Block 1:6 to 1:34
				line 1
					IF
						Cond b
						Block 1:13 to 1:19
							line 1
								WRITE
									Arg
										Expr 1
						Else 1:26 to 1:32
							line 1
								WRITE
									Arg
										Expr 2
			Else 1:41 to 1:47
				line 1
					WRITE
						Arg
							Expr 3
QUIT {"a":1}
	line 1
		QUIT
			Arg
				X {"a":1}
RETURN [1]
	line 1
		RETURN
			Arg
				X [1]
S:a=b c=d
	line 1
		SET:(= a b)
			Arg
				Target c
				Value d

W 1,⏎ SET x=1⏎ W (2⏎ QUIT
	line 1
		Bad WRITE 1:5
	line 2
		SET
			Arg
				Target x
				Value 1
	line 3
		Bad WRITE 3:6
	line 4
		QUIT
	1:5: unexpected end of line, expected an expression
	3:6: unexpected end of line, expected an operator or ")"

O d:(1:2): U d C d::⏎ U d⏎ J a: W 1
	line 1
		OPEN
			Arg
				Device d
				Group
					Parens true
					Param
						Value 1
					Param
						Value 2
				Group
		USE
			Arg
				Device d
		CLOSE
			Arg
				Device d
				Group
				Group
	line 2
		USE
			Arg
				Device d
	line 3
		JOB
			Arg
				Entry a
		WRITE
			Arg
				Expr 1

# Errors.
WRIET 1
	line 1
		Bad  1:1
	1:1: unknown command "WRIET"; did you mean WRITE?
foo
	line 1
		Bad  1:1
	1:1: unknown command "foo"; did you mean FOR?
S x
	line 1
		Bad SET 1:4
	1:4: unexpected end of input, expected "="
S
	line 1
		Bad SET 1:2
	1:2: unexpected end of input, expected the arguments of SET
S x=
	line 1
		Bad SET 1:5
	1:5: unexpected end of input, expected an expression
S 1=2
	line 1
		Bad SET 1:3
	1:3: unexpected "1", expected a variable to set
S x=1 y
	line 1
		SET
			Arg
				Target x
				Value 1
		Bad  1:7
	1:7: unknown command "y"
S x=1,
	line 1
		Bad SET 1:7
	1:7: unexpected end of input, expected a variable to set
M x
	line 1
		Bad MERGE 1:4
	1:4: unexpected end of input, expected "="
W x y
	line 1
		WRITE
			Arg
				Expr x
		Bad  1:5
	1:5: unknown command "y"
W!
	line 1
		Bad WRITE 1:2
	1:2: unexpected "!", expected a blank after WRITE
W "abc
	line 1
		Bad WRITE 1:3
	1:3: string without a closing "
W (1
	line 1
		Bad WRITE 1:5
	1:5: unexpected end of input, expected an operator or ")"
W 1)
	line 1
		Bad WRITE 1:4
	1:4: unexpected ")", expected an operator, "," or the end of the command
W }
	line 1
		WRITE
		Bad  1:3
	1:3: unexpected "}": no block is open
I:x  W 1
	line 1
		Bad IF 1:2
	1:2: IF takes no postconditional
E:x
	line 1
		Bad ELSE 1:2
	1:2: ELSE takes no postconditional
F x
	line 1
		Bad FOR 1:4
	1:4: unexpected end of input, expected "="
F x=
	line 1
		Bad FOR 1:5
	1:5: unexpected end of input, expected an expression
F x=1:
	line 1
		Bad FOR 1:7
	1:7: unexpected end of input, expected an expression
F x=1:1:2:3
	line 1
		Bad FOR 1:10
	1:10: unexpected ":", expected an operator, "," or the end of the command
WHILE x W 1
	line 1
		Bad WHILE 1:9
	1:9: unexpected "WRITE", expected "{"
WHILE
	line 1
		Bad WHILE 1:6
	1:6: unexpected end of input, expected an expression
IF x { W 1
	line 1
		Bad IF 1:6
	1:6: "{" without its "}"
TRY { W 1 }
	line 1
		Bad TRY 1:12
	1:12: missing CATCH after the block of TRY
TRY { W 1 } W 2 CATCH e { W 3 }
	line 1
		Bad TRY 1:13
	1:13: missing CATCH after the block of TRY
TRY { Q 5 } CATCH e { Q }
	line 1
		TRY
			Block 1:5 to 1:11
				line 1
					Bad QUIT 1:9
			Catch 1:21 to 1:25
				line 1
					QUIT
			CatchVar e
	1:9: QUIT with a value cannot leave a TRY or CATCH block; RETURN does
TRY { F  { I x Q:y  } Q:z x } CATCH { Q "" }
	line 1
		TRY
			Block 1:5 to 1:29
				line 1
					FOR
						Block 1:10 to 1:21
							line 1
								IF
									Cond x
								QUIT:y
					Bad QUIT:z 1:27
			Catch 1:37 to 1:44
				line 1
					Bad QUIT 1:41
	1:27: QUIT with a value cannot leave a TRY or CATCH block; RETURN does
	1:41: QUIT with a value cannot leave a TRY or CATCH block; RETURN does
TRY W 1
	line 1
		Bad TRY 1:5
	1:5: unexpected "WRITE", expected "{"
CATCH e { W 1 }
	line 1
		Bad CATCH 1:1
	1:1: CATCH without a TRY block before it
DO { W 1 }
	line 1
		Bad DO 1:11
	1:11: missing WHILE after the block of DO
DO { W 1 } W 2
	line 1
		Bad DO 1:12
	1:12: missing WHILE after the block of DO
ELSEIF x { W 1 }
	line 1
		Bad ELSEIF 1:1
	1:1: ELSEIF without an IF block before it
ELSE { W 1 }
	line 1
		Bad ELSE 1:6
	1:6: ELSE block without an IF block before it
D lab(1,.)
	line 1
		Bad DO 1:9
	1:9: unexpected ".", expected an expression
D lab(.1)
	line 1
		DO
			Arg
				Entry lab
				Actual (.1)
				Parens true
D "x"
	line 1
		Bad DO 1:3
	1:3: unexpected "x", expected a label or ^routine
K x+1
	line 1
		Bad KILL 1:4
	1:4: unexpected "+", expected an operator, "," or the end of the command
K (a
	line 1
		Bad KILL 1:5
	1:5: unexpected end of input, expected "," or ")"
N 1
	line 1
		Bad NEW 1:3
	1:3: unexpected "1", expected a variable
L +
	line 1
		Bad LOCK 1:4
	1:4: unexpected end of input, expected a name or "("
L (^a
	line 1
		Bad LOCK 1:6
	1:6: unexpected end of input, expected ")"
O
	line 1
		Bad OPEN 1:2
	1:2: unexpected end of input, expected the arguments of OPEN
O d:(1:2
	line 1
		Bad OPEN 1:9
	1:9: unexpected end of input, expected ":" or ")"
U d:(1,2)
	line 1
		USE
			Arg
				Device d
				Group
					Parens true
					Param
						Value 1
					Param
						Value 2
					Foreign true
J
	line 1
		Bad JOB 1:2
	1:2: unexpected end of input, expected the arguments of JOB
J lab:(1
	line 1
		Bad JOB 1:9
	1:9: unexpected end of input, expected ":" or ")"
Q 1,2:
	line 1
		Bad QUIT 1:7
	1:7: unexpected end of input, expected an expression
H x y
	line 1
		HANG
			Arg
				X x
		Bad  1:5
	1:5: unknown command "y"
X
	line 1
		Bad XECUTE 1:2
	1:2: unexpected end of input, expected the arguments of XECUTE
R
	line 1
		Bad READ 1:2
	1:2: unexpected end of input, expected the arguments of READ
R 5
	line 1
		Bad READ 1:3
	1:3: unexpected "5", expected a variable to read into
R x#
	line 1
		Bad READ 1:5
	1:5: unexpected end of input, expected an expression
R x:
	line 1
		Bad READ 1:5
	1:5: unexpected end of input, expected an expression
Z x
	line 1
		Bad  1:1
	1:1: unknown command "Z"
S x=1 /* open
	line 1
		Bad SET 1:7
	1:7: comment without a closing */
S x="a" "b"
	line 1
		Bad SET 1:9
	1:9: unexpected "\"", expected an operator, "," or the end of the command
IF x=1+ { W 1 } ELSE { W 2 } W 3
	line 1
		Bad IF 1:9
	1:9: unexpected "{", expected an expression
IF { W 1 } }
	line 1
		IF
			Block 1:4 to 1:10
				line 1
					WRITE
						Arg
							Expr 1
		Bad  1:12
	1:12: unexpected "}": no block is open
#define x 1
	line 1
		Bad  1:1
	1:1: the preprocessor directive #define is not supported

# what other systems have
ABORT
	line 1
		Bad ABORT 1:1

ESTART 0
	line 1
		Bad ESTART 1:1

ESTOP
	line 1
		Bad ESTOP 1:1

ETRIGGER x
	line 1
		Bad ETRIGGER 1:1

ZESCAPE
	line 1
		Bad ZESCAPE 1:1

ZETRAP lab W 1
	line 1
		Bad ZETRAP 1:1
		WRITE
			Arg
				Expr 1

ZUSE 5:x
	line 1
		Bad ZUSE 1:1

ZU 5
	line 1
		Bad ZUSE 1:1

ZWR x(*)
	line 1
		Bad ZWR 1:1

OPEN x:(TCPCHAN,ADDRESS=ip,BLOCKSIZE=512):5
	line 1
		OPEN
			Arg
				Device x
				Group
					Parens true
					Param
						Value TCPCHAN
					Param
						Value (= ADDRESS ip)
					Param
						Value (= BLOCKSIZE 512)
					Foreign true
				Group
					Param
						Value 5

JOB a^b(1)[uci,vol]::1
	line 1
		JOB
			Arg
				Entry a^b in uci on vol
				Actual (1)
				Parens true
				Timeout 1

ZBREAK /CLEAR,-*,-t+1,/INTERRUPT:NORMAL
	line 1
		ZBREAK
			Arg
				X "/CLEAR"
			Arg
				X "-*"
			Arg
				X (- entry t+1)
			Arg
				X "/INTERRUPT"
				Post entry NORMAL

ZLOAD a.b
	line 1
		ZLOAD
			Arg
				X entry a.b

SET x=$BITLOGIC(a|(~b^c)&d,5)|1
	line 1
		Bad SET 1:30
	1:30: unexpected "|", expected an operator, "," or the end of the command

SET x=$BITLOGIC(a|$E(b,1)^c)
	line 1
		SET
			Arg
				Target x
				Value $BITLOGIC((^ (| a $E(b,1)) c))

SET y=$&zlib.%spawn("ls",,1)_$&f
	line 1
		SET
			Arg
				Target y
				Value (_ $&zlib.%spawn("ls",-,1) $&f)

ZGETPAGE x:0:0 S y=1
	line 1
		Bad ZGETPAGE 1:1
		SET
			Arg
				Target y
				Value 1

ZITRAP lab
	line 1
		Bad ZITRAP 1:1

ZRELPAGE
	line 1
		Bad ZRELPAGE 1:1

ZB -*  Q
	line 1
		ZBREAK
			Arg
				X "-*"
		QUIT

SET i%prop=1
	line 1
		Bad SET 1:5
	1:5: i%prop needs a class, and user-written classes are not supported

SET x=##super(1)
	line 1
		Bad SET 1:7
	1:7: ##super needs a class, and user-written classes are not supported

WRITE i%a,(i#2)
	line 1
		Bad WRITE 1:7
	1:7: i%a needs a class, and user-written classes are not supported
TCOMMIT 5
	line 1
		Bad TCOMMIT 1:9
	1:9: unexpected "5"
HALT 5
	line 1
		Bad HALT 1:6
	1:6: unexpected "5"
CONTINUE 5
	line 1
		Bad CONTINUE 1:10
	1:10: unexpected "5"
ZSYNC:x 5
	line 1
		Bad ZSYNC:x 1:9
	1:9: unexpected "5"
