%Library.RegisteredObject
> SET o=##class(%Library.ListOfDataTypes).%New() WRITE o.%IsA("%Library.RegisteredObject")," ",o.%ClassName()," ",o.%ClassName(1)," ",o.%PackageName()
1 ListOfDataTypes %Library.ListOfDataTypes %Library
> WRITE ##class(%Library.ListOfDataTypes).%Extends("%Collection.AbstractList")," ",##class(%Library.ListOfDataTypes).%GetParameter("PROPERTYVALIDATION")
1 2

%Library.ListOfDataTypes %Collection.AbstractList
> SET l=##class(%ListOfDataTypes).%New() DO l.Insert("a"),l.Insert("c"),l.InsertAt("b",2) WRITE l.Count(),l.Size," ",l.GetAt(2)," ",l.Find("c")
33 b 3
> DO l.SetAt("B",2),l.InsertList($LISTBUILD("d")),l.InsertOrdered("C") SET k="" FOR { SET k=l.Next(k) QUIT:k=""  WRITE l.GetAt(k)," " }
a B C c d 
> WRITE l.RemoveAt(1)," ",l.Previous("") SET k="" WRITE " ",l.GetNext(.k)," ",k SET k="" WRITE " ",l.GetPrevious(.k) DO l.Clear() WRITE " ",l.Count()
a 4 B 1 d 0

%Library.ListOfObjects
> SET l=##class(%ListOfObjects).%New() DO l.Insert({"n":7}) WRITE l.GetAt(1).n
7

%Library.ArrayOfDataTypes %Collection.AbstractArray
> SET a=##class(%ArrayOfDataTypes).%New() DO a.SetAt("red","r"),a.SetAt("blue","b") WRITE a.Count(),a.Size," ",a.GetAt("r")," ",a.IsDefined("x")," ",a.Find("red","")
22 red 0 r
> SET k="" FOR { SET k=a.Next(k) QUIT:k=""  WRITE k,"=",a.GetAt(k)," " } WRITE a.Previous("")
b=blue r=red r
> SET k="" WRITE a.GetNext(.k)," ",k SET k="" WRITE " ",a.GetPrevious(.k)," ",a.RemoveAt("r") DO a.Clear() WRITE " ",a.Count()
blue b red red 0

%Library.ArrayOfObjects
> SET a=##class(%ArrayOfObjects).%New() DO a.SetAt({"n":7},"k") WRITE a.GetAt("k").n
7

%Library.Device
> WRITE ##class(%Library.Device).GetType()," ",##class(%Library.Device).GetNullDevice()," ",$ASCII(##class(%Library.Device).GetBackSpace())," ",$LENGTH(##class(%Library.Device).GetClearScreen())
1 /dev/null 8 6
> WRITE ##class(%Library.Device).ReDirectIO(0),##class(%Library.Device).GetRightMargin(),##class(%Library.Device).InstalledPrinters()," [",##class(%Library.Device).GetMnemonicRoutine(),"]"
000 [%X364]
> OPEN "a.txt":"WN" USE "a.txt" SET t=##class(%Library.Device).GetType(),r=##class(%Library.Device).GetReadTerminators() USE 0 WRITE t," ",$LENGTH(r)
0 0
> DO ##class(%Library.Device).ChangePrincipal() WRITE ##class(%Library.Device).Broadcast("","to the console")
1

%Library.DynamicObject %Library.DynamicAbstractObject
> SET o={"name":"Ann","tags":["a",1,true,null]} WRITE o.name," ",o.tags.%Get(1)," ",o.%Size()," ",o.%IsDefined("x")," ",o.tags.%GetTypeOf(2)
Ann 1 2 0 boolean
> DO o.%Set("age",40,"number"),o.%Remove("tags") WRITE o.%ToJSON()
{"name":"Ann","age":40}
> SET p=##class(%DynamicObject).%FromJSON("{""n"":1.50}") WRITE p.%ToJSON()," ",p.%Get("x","none")
{"n":1.50} none
> SET i=o.%GetIterator() WHILE i.%GetNext(.k,.v) { WRITE k,"=",v," " }
name=Ann age=40 
> OPEN "a.json":"WN" USE "a.json" WRITE "{""from"":""file""}" CLOSE "a.json" WRITE ##class(%DynamicObject).%FromJSONFile("a.json").from
file

%Library.DynamicArray
> SET a=[1,"b"] DO a.%Push({"c":3}) WRITE a.%ToJSON()," ",a.%Pop().c," ",a.%Size()," ",a.%Get(0)
[1,"b",{"c":3}] 3 2 1

%Iterator.Object
> SET o={"a":1,"b":2},i=o.%GetIterator() WHILE i.%GetNext(.k,.v,.type) { WRITE k," ",v," ",type," " }
a 1 number b 2 number 

%Iterator.Array
> SET a=["x",null],i=a.%GetIterator() WHILE i.%GetNext(.k,.v,.type) { WRITE k," [",v,"] ",type," " }
0 [x] string 1 [] null 

%SYSTEM.Encryption
> SET e=$SYSTEM.Encryption.Base64Encode("Hello") WRITE e," ",$SYSTEM.Encryption.Base64Decode(e)
SGVsbG8= Hello
> ZZDUMP $SYSTEM.Encryption.MD5Hash("abc")
\
0000: 90 01 50 98 3C D2 4F B0 D6 96 3F 7D 28 E1 7F 72         ..P.<ÒO°Ö.?}(á.r
> ZZDUMP $SYSTEM.Encryption.SHA1Hash("abc")
\
0000: A9 99 3E 36 47 06 81 6A BA 3E 25 71 78 50 C2 6C         ©.>6G..jº>%qxPÂl
0010: 9C D0 D8 9D                                             .ÐØ.
> ZZDUMP $EXTRACT($SYSTEM.Encryption.SHAHash(256,"abc"),1,16)
\
0000: BA 78 16 BF 8F 01 CF EA 41 41 40 DE 5D AE 22 23         ºx.¿..ÏêAA@Þ]®"#
> ZZDUMP $EXTRACT($SYSTEM.Encryption.SHA3Hash(256,"abc"),1,16)
\
0000: 3A 98 5D A7 4F E2 25 B2 04 5C 17 2D 6B D3 90 BD         :.]§Oâ%².\.-kÓ.½
> ZZDUMP $SYSTEM.Encryption.HMACMD5("text","key")
\
0000: D0 CA 61 77 C6 1C 97 5F D2 F8 C0 7D 8C 65 28 C6         ÐÊawÆ.._ÒøÀ}.e(Æ
> WRITE $LENGTH($SYSTEM.Encryption.HMACSHA1("text","key"))," ",$LENGTH($SYSTEM.Encryption.HMACSHA(256,"text","key"))," ",$LENGTH($SYSTEM.Encryption.GenCryptRand(16))
20 32 16
> SET key="0123456789abcdef",c=$SYSTEM.Encryption.AESCBCEncrypt("secret",key) WRITE $LENGTH(c)," ",$SYSTEM.Encryption.AESCBCDecrypt(c,key)
16 secret
> WRITE $LENGTH($SYSTEM.Encryption.PBKDF2("password",1000,"salt",32))
32
> SET s=##class(%Stream.TmpBinary).%New() DO s.Write("abc") WRITE $SYSTEM.Encryption.MD5HashStream(s,.sc)=$SYSTEM.Encryption.MD5Hash("abc")
1
> DO s.Rewind() WRITE $LENGTH($SYSTEM.Encryption.SHA1HashStream(s,.sc)) DO s.Rewind() WRITE " ",$LENGTH($SYSTEM.Encryption.SHAHashStream(256,s,.sc))
20 32
> DO $SYSTEM.Encryption.Help("MD5Hash")
MD5Hash() - the 16 bytes of MD5

%Exception.AbstractException %Exception.SystemException
| top TRY { SET x=none } CATCH e { DO show(e) }
|  QUIT
| show(e) WRITE e.Name," ",e.Code," ",e.Location," ",e.Data,!,e.DisplayString(),!,e.AsSystemError(),!,e.AsSQLCODE()," ",e.AsSQLMessage(),!
|  WRITE $SYSTEM.Status.GetErrorText(e.AsStatus()),!,$ISOBJECT(e.InnerException)," "
|  DO e.StackAsArray(.a) WRITE a
|  QUIT
> DO top^ex
<UNDEFINED> 9 top^ex *none
<UNDEFINED> 9 top^ex *none
<UNDEFINED>top^ex *none
-400 <UNDEFINED> 9 top^ex *none
ERROR #5002: Cache error: <UNDEFINED>top^ex *none
0 2

%Exception.General
> TRY { THROW ##class(%Exception.General).%New("Mine",1001,"here","more") } CATCH e { WRITE e.DisplayString() DO e.Log() }
Mine 1001 here more

%Exception.StatusException
> SET sc=$SYSTEM.Status.Error(5001,"out of paper") TRY { THROW ##class(%Exception.StatusException).CreateFromStatus(sc) } CATCH e { WRITE e.Name," ",$SYSTEM.Status.GetErrorText(e.AsStatus()) }
ERROR #5001: out of paper ERROR #5001: out of paper
> DO ##class(%Exception.StatusException).ThrowIfInterrupt(sc) WRITE "no interrupt"
no interrupt

%Exception.SQL
> SET e=##class(%Exception.SQL).CreateFromSQLCODE(100,"no more rows") WRITE e.AsSQLCODE()," ",e.AsSQLMessage()
100 SQLError 100  no more rows

%Library.File
> SET f=##class(%File).%New("a.txt") DO f.Open("WN"),f.WriteLine("one"),f.Write("two"),f.Close() WRITE f.Size," ",f.IsOpen," ",f.Name?.E1"a.txt"," ",$ASCII(f.LineTerminator)
7 0 1 10
> DO f.Open("R") WRITE f.ReadLine()," ",f.Read(10)," ",f.AtEnd DO f.Rewind() WRITE " ",f.ReadLine(.len,.sc)," ",len DO f.Close()
one two 1 one 3
> WRITE ##class(%File).Exists("a.txt"),##class(%File).DirectoryExists("a.txt")," ",##class(%File).GetFileSize("a.txt")," ",##class(%File).GetFilename("/tmp/a.txt")," ",##class(%File).GetDirectory("/tmp/a.txt")
10 7 a.txt /tmp/
> WRITE ##class(%File).Attributes("a.txt")\4096," ",##class(%File).Attributes("/tmp")\4096," ",##class(%File).Attributes("nowhere")
8 4 -1
> WRITE ##class(%File).CreateDirectory("d"),##class(%File).CreateDirectoryChain("d/e/f"),##class(%File).CopyFile("a.txt","d/b.txt"),##class(%File).Rename("d/b.txt","d/c.txt"),##class(%File).ComplexDelete("d/*.txt"),##class(%File).RemoveDirectory("d/e/f"),##class(%File).RemoveDirectoryTree("d"),##class(%File).Delete("a.txt")
11111111
> WRITE ##class(%File).NormalizeFilename("x.txt","/tmp")," ",##class(%File).NormalizeDirectory("/tmp")," ",##class(%File).ParentDirectoryName("/a/b")," ",##class(%File).SubDirectoryName("/a","b")
/tmp/x.txt /tmp/ /a/ /a/b
> SET t=##class(%File).TempFilename("txt") WRITE ##class(%File).Exists(t),##class(%File).SetReadOnly(t),##class(%File).ReadOnly(t),##class(%File).SetWriteable(t)," ",##class(%File).GetFileDateModified(t)?5N1","1.5N.E," ",##class(%File).Delete(t)
1111 1 1

%Regex.Matcher
> SET m=##class(%Regex.Matcher).%New("(\w+)@(\w+)","ann@home, bea@work") WHILE m.Locate() { WRITE m.Group," ",m.Group(2)," ",m.Start,"-",m.End(1),"; " }
ann@home home 1-4; bea@work work 11-14; 
> WRITE m.GroupCount," ",m.ReplaceAll("$2"),"; ",m.ReplaceFirst("x") DO m.ResetPosition() IF m.Locate() { WRITE "; ",m.SubstituteIn("<$1>") }
2 home, work; x, bea@work; <ann>
> SET m.Pattern="\d+",m.Text="2024" WRITE m.Match()," ",m.Match("x")," ",m.Pattern," ",m.Text
1 0 \d+ x

%SYSTEM.Status
> SET sc=$SYSTEM.Status.Error(5001,"one"),sc=$SYSTEM.Status.AppendStatus(sc,$SYSTEM.Status.Error(5002,"two")) WRITE $SYSTEM.Status.IsError(sc),$SYSTEM.Status.IsOK(sc),$SYSTEM.Status.IsOK($SYSTEM.Status.OK())
101
> WRITE $SYSTEM.Status.GetErrorText(sc)
ERROR #5001: one
ERROR #5002: Cache error: two
> WRITE $SYSTEM.Status.GetErrorCodes(sc)," ",$SYSTEM.Status.GetOneErrorText(sc,2)," ",$SYSTEM.Status.GetOneStatusText(sc,1)," ",$SYSTEM.Status.Equals(sc,5002)
5001,5002 ERROR #5002: Cache error: two one 1
> DO $SYSTEM.Status.DisplayError(sc)
\
ERROR #5001: one
ERROR #5002: Cache error: two
> DO $SYSTEM.Status.DecomposeStatus(sc,.err) WRITE err," ",err(1)
2 ERROR #5001: one
> WRITE $SYSTEM.Status.GetErrorText($SYSTEM.Status.EmbedStatus($SYSTEM.Status.Error(5001,"outer"),$SYSTEM.Status.Error(5001,"inner")))
ERROR #5001: outer > ERROR #5001: inner
> DO $SYSTEM.Status.Help("OK")
OK() - success: 1

%Library.Status
> WRITE ##class(%Status).IsValid(1)
1

%SYSTEM.Process
> WRITE $SYSTEM.Process.NameSpace()," ",$SYSTEM.Process.State()," [",$SYSTEM.Process.Routine(),"] ",$SYSTEM.Process.JobType()," ",$SYSTEM.Process.UserName()=$USERNAME
USER RUN [] 1 1
> WRITE $SYSTEM.Process.CurrentDevice()=$IO,$SYSTEM.Process.CurrentDirectory()'=""," [",$SYSTEM.Process.OSError(),"]"
11 []
> OPEN "none/x.txt":"R":0 WRITE $SYSTEM.Process.OSError()
<2> No such file or directory
> WRITE $SYSTEM.Process.BreakMode(),$SYSTEM.Process.DisconnectErr(),$SYSTEM.Process.FileMode(),$SYSTEM.Process.OpenMode(),$SYSTEM.Process.SetZEOF(),$SYSTEM.Process.NullSubscripts()," ",$SYSTEM.Process.Undefined(2),$SYSTEM.Process.Undefined(0)
100000 02
> WRITE $SYSTEM.Process.AsynchError(),$SYSTEM.Process.DX(),$SYSTEM.Process.IEEEError(),$SYSTEM.Process.LineRecall(),$SYSTEM.Process.NodeNameInPid(),$SYSTEM.Process.PopError(),$SYSTEM.Process.ScientificNotation(),$SYSTEM.Process.TruncateOverflow(),$SYSTEM.Process.ZDateNull()
101100100
> WRITE $SYSTEM.Process.TerminalPrompt(2,5),";",$SYSTEM.Process.TerminalPrompt("8,2"),";",$SYSTEM.Process.TerminalPrompt()
8,2;2,5;8,2
> SET ^||p=1 WRITE $SYSTEM.Process.KillAllPrivateGlobals(),$DATA(^||p)
10
> WRITE "[",$SYSTEM.Process.ClientIPAddress(),$SYSTEM.Process.ClientNodeName(),$SYSTEM.Process.ClientExecutableName(),$SYSTEM.Process.PipeExitCode("x"),"] ",$SYSTEM.Process.Broadcast(1,"hi")
[] 0
> DO $SYSTEM.Process.ThrowError(18)
<DIVIDE>
> DO $SYSTEM.Process.IODollarTest(1)
<FUNCTION>
> DO $SYSTEM.Process.Help("NameSpace")
NameSpace() - the current namespace of a process
> DO $SYSTEM.Process.Terminate($JOB,3)

%SYSTEM.TCPDevice
> OPEN "|TCP|1":(:7001:"S"):5,"|TCP|2":("127.0.0.1":7001:"S"):5 USE "|TCP|2" SET x=$SYSTEM.TCPDevice.PeerAddr(),y=$SYSTEM.TCPDevice.PeerPort(),z=$SYSTEM.TCPDevice.LocalAddr(),c=$SYSTEM.TCPDevice.GetDisconnectCode() USE 0 WRITE x," ",y," ",z," ",c
127.0.0.1 7001 127.0.0.1 0
> USE "|TCP|2" SET p=$SYSTEM.TCPDevice.PeerAddrPort(),l=$SYSTEM.TCPDevice.LocalAddrPort(),n=$SYSTEM.TCPDevice.LocalPort() USE 0 WRITE $LISTTOSTRING(p)," ",$LIST(l,1)," ",n=$LIST(l,2)
127.0.0.1,7001 127.0.0.1 1
> DO $SYSTEM.TCPDevice.Help("PeerAddr")
PeerAddr() - remote address; "" when not connected

%SYSTEM.INetInfo
> WRITE $SYSTEM.INetInfo.AddrType("::1")," ",$SYSTEM.INetInfo.BinaryAddrToText($SYSTEM.INetInfo.TextAddrToBinary("10.0.0.1"))," ",$SYSTEM.INetInfo.HostNameToAddr("127.0.0.1")," ",$SYSTEM.INetInfo.LocalHostName()'=""
2 10.0.0.1 127.0.0.1 1
> OPEN "|TCP|1":(:7001:"S"):5,"|TCP|2":("127.0.0.1":7001:"S"):5 USE "|TCP|2" SET c=$SYSTEM.INetInfo.Connected(),w=$SYSTEM.INetInfo.TCPStats(4) USE 0 WRITE c," ",w," [",$SYSTEM.INetInfo.TCPName(),"]"
1 0 []
> WRITE $SYSTEM.INetInfo.HostToNetShort(1)," ",$SYSTEM.INetInfo.NetToHostShort(256)," ",$SYSTEM.INetInfo.HostToNetLong(1)," ",$SYSTEM.INetInfo.NetToHostLong(16777216)
256 1 16777216 1
> WRITE $LISTVALID($SYSTEM.INetInfo.HostNameToAddrMulti("127.0.0.1")),$SYSTEM.INetInfo.AddrToHostName("")'="x",$SYSTEM.INetInfo.GetServiceByName("none")="",$SYSTEM.INetInfo.GetServiceByPort(1)'="x"
1111
> SET old=$SYSTEM.INetInfo.DisableIPV6() WRITE $SYSTEM.INetInfo.IsIPV6Enabled() DO $SYSTEM.INetInfo.EnableIPV6() WRITE $SYSTEM.INetInfo.IsIPV6Enabled()," ",$SYSTEM.INetInfo.OSsupportsIPV6()?1N
01 1
> WRITE $SYSTEM.INetInfo.CheckAddressExist("127.0.0.1"),$SYSTEM.INetInfo.CheckInterfaceExist("nothing"),$SYSTEM.INetInfo.CheckSubnetMatch("nothing","10.0.0.1"),$SYSTEM.INetInfo.CheckArpingInstalled()?1N
1001
> WRITE $SYSTEM.INetInfo.GetInterfacesInfo()'="",$LISTVALID($SYSTEM.INetInfo.GetListOfConfiguredInterfaces()),$LENGTH($SYSTEM.INetInfo.EthernetAddress(0))<13
111
> DO $SYSTEM.INetInfo.Help("AddrType")
AddrType(text): 0 a host name, 1 an IPv4 address, 2 an IPv6 address

%SYSTEM.Socket
> OPEN "|TCP|1":(:7001:"SA"):5,"|TCP|2":("127.0.0.1":7001:"S"):5 WRITE $LISTTOSTRING($SYSTEM.Socket.Select($LISTBUILD("|TCP|1"),5))
|TCP|1
> USE "|TCP|1" READ x:5 SET moved=$SYSTEM.Socket.Fork("|TCP|1","|TCP|3") USE 0 WRITE moved
1
> USE "|TCP|2" WRITE "hello",! USE "|TCP|3" READ x#5:5 USE 0 WRITE x
hello
> WRITE $SYSTEM.Socket.SelectInterrupt($JOB)," ",$SYSTEM.Socket.Select($LISTBUILD("|TCP|3"),0)
1 
> OPEN "|TCP|4":("127.0.0.1":7001:"S"):5 USE "|TCP|1" READ x:5 SET token=$SYSTEM.Socket.Publish("|TCP|1") USE 0 WRITE token'=""," ",$SYSTEM.Socket.Import("|TCP|5","no such token")
1 0
> WRITE $SYSTEM.Socket.Export("none")
0
> DO $SYSTEM.Socket.Help("Fork")
Fork(accepted,new): moves the accepted connection of a listening device to a new device; 1, or 0

%Net.UDP
> SET a=##class(%Net.UDP).%New(0,"127.0.0.1"),b=##class(%Net.UDP).%New(7001,"127.0.0.1"),home=##class(%Net.UDP).GetHostAddr("127.0.0.1") WRITE a.Send("ping",home,7001)," ",b.Recv(5)," ",b.LastAddr=home," ",b.LastPort>0," ",b.Descriptor>0
4 ping 1 1 1
> WRITE b.Reply("pong")," ",a.Recv(5)
4 pong

%SYSTEM.OBJ
> SET f="hello.mac" OPEN f:"WNS" USE f WRITE "hello ; a routine",!," WRITE ""hello"" QUIT",! CLOSE f
> WRITE $SYSTEM.OBJ.Load(f,"-d")," " DO ^hello
1 hello
> WRITE ##class(%File).CreateDirectory("out"),$SYSTEM.OBJ.Export("hello.mac","out/hello.xml","-d"),$SYSTEM.OBJ.LoadDir("out","-d")
111
> DO $SYSTEM.OBJ.Help("Export")
Export(items,file,flags) - writes routines, a list such as a.mac,b.int or a*.mac between commas, as <Export> XML; a status

%SYSTEM.Util
> WRITE $SYSTEM.Util.GetEnviron("NO_SUCH_NAME")="",$LENGTH($SYSTEM.Util.CreateGUID())," ",$SYSTEM.Util.NumberOfCPUs()>0," ",$SYSTEM.Util.InstallDirectory()'=""," [",$SYSTEM.Util.DataDirectory(),"]"
136 1 1 []
> SET x=$SYSTEM.Util.Compress($JUSTIFY("",5000)_"end") WRITE $LENGTH(x)<100," ",$LENGTH($SYSTEM.Util.Decompress(x))," ",$SYSTEM.Util.Decompress($SYSTEM.Util.Compress("gz","GZIP"),"GZIP")
1 5003 gz
> DO $SYSTEM.Util.Help("CreateGUID")
CreateGUID() - a new globally unique identifier

%SYSTEM.Version
> WRITE $SYSTEM.Version.GetVersion()=$ZVERSION," ",$SYSTEM.Version.GetMajor(),".",$SYSTEM.Version.GetMinor()," ",$SYSTEM.Version.GetNumber()," ",$SYSTEM.Version.GetProduct()," ",$SYSTEM.Version.GetOS()
1 2016.2 2016.2 cos UNIX
> WRITE $SYSTEM.Version.GetBuildNumber()'=""," ",$SYSTEM.Version.GetPlatform()'=""
1 1
> DO $SYSTEM.Version.Help("GetOS")
GetOS() - UNIX or Windows

%Stream.Object %Stream.TmpCharacter
> SET s=##class(%Stream.TmpCharacter).%New() DO s.WriteLine("one"),s.Write("two"),s.Rewind() WRITE s.ReadLine(.len,.sc)," ",s.Read(2)," ",s.AtEnd," ",s.Size,s.SizeGet()," ",$ASCII(s.LineTerminator)
one tw 0 88 13
> DO s.MoveTo(2) WRITE s.Read(2) DO s.MoveToEnd(),s.Write("!"),s.Rewind() WRITE " ",s.FindAt(1,"two")," " DO s.OutputToDevice() DO s.Clear() WRITE " ",s.Size
ne 6 one
two! 0

%Stream.TmpBinary
> SET s=##class(%Stream.TmpBinary).%New() DO s.Write($CHAR(0,255)) WRITE s.Size
2

%Stream.GlobalCharacter
> SET s=##class(%Stream.GlobalCharacter).%New(),t=##class(%Stream.TmpCharacter).%New() DO t.Write("copy"),s.CopyFrom(t) DO s.SaveStream(),s.Rewind() WRITE s.Read()
copy

%Stream.GlobalBinary
> SET s=##class(%Stream.GlobalBinary).%New() DO s.Write("abc"),s.%Save() WRITE s.Size
3

%Stream.FileCharacter %Stream.Object
> SET s=##class(%Stream.FileCharacter).%New() DO s.LinkToFile("a.txt"),s.Write("text"),s.Flush() SET t=##class(%Stream.FileCharacter).%New(),t.Filename="a.txt" WRITE t.Read()," ",t.TranslateTable
text UTF8
> DO s.CopyFromAndSave(t) WRITE ##class(%File).GetFileSize("a.txt")
4

%Stream.FileBinary
> SET s=##class(%Stream.FileBinary).%New() DO s.LinkToFile("a.bin"),s.Write($CHAR(1,2)),s.%Save() WRITE ##class(%File).GetFileSize("a.bin")
2

Security.SSLConfigs
> ZNSPACE "%SYS" SET p("VerifyPeer")=0 WRITE ##class(Security.SSLConfigs).Create("test",.p),##class(Security.SSLConfigs).Exists("test")
11
> SET p("Description")="for tests" WRITE ##class(Security.SSLConfigs).Modify("test",.p),##class(Security.SSLConfigs).Get("test",.q)," ",q("Description")
11 for tests
> SET c=##class(Security.SSLConfigs).%OpenId("test") WRITE c.Name," ",c.VerifyPeer," ",c.Activate() SET c.Description="changed" WRITE " ",c.%Save()
test 0 1 1
> WRITE c.Type," ",c.Enabled," ",c.Protocols," ",c.TLSMinVersion,"-",c.TLSMaxVersion," ",c.VerifyDepth," ",c.PrivateKeyType," ",c.DiffieHellmanBits," ",c.OCSP," ",c.OCSPTimeout," ",c.CipherList," ",c.Ciphersuites
0 1  16-32 9 2 0 0  ALL:!aNULL:!eNULL:!EXP:!SSLv2 TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256
> SET c.CAFile="ca.pem",c.CAPath="",c.CRLFile="",c.CertificateFile="",c.PrivateKeyFile="",c.PrivateKeyPassword="",c.SNIName="example.org",c.OCSPURL="",c.OCSPIssuerCert="",c.OCSPResponseFile="" WRITE c.SNIName
example.org
> WRITE ##class(Security.SSLConfigs).Delete("test"),##class(Security.SSLConfigs).Exists("test")
10

%IO.Socket %IO.ServerSocket
> SET s=##class(%IO.ServerSocket).%New(),c=##class(%IO.Socket).%New() WRITE s.Open(7001),c.Open("127.0.0.1",7001,5),s.Listen(5)
111
> DO c.WriteLine("hello"),c.Write("abc"),c.Flush() WRITE s.ReadLine(100,5)," ",s.Read(2,5)," ",s.ReadAny(10,5)," ",$ASCII(s.LineTerminator)
hello ab c 10
> DO s.WriteLine("back"),s.Write("x"),s.Flush() WRITE c.ReadLine(100,5)," ",c.Read(1,5)," ",c.IsConnected,s.IsConnected
back x 11
> DO s.Disconnect() WRITE c.ReadAny(10,1)="" DO c.Close(),s.Close()
1

%Net.HttpRequest %Net.HttpResponse
| serve(port,n) SET eol=$CHAR(13,10) OPEN "|TCP|1":(:port:"S":$CHAR(10)):5 USE "|TCP|1" SET ^ready=1
|  FOR i=1:1:n {
|    SET size=0 READ first FOR { READ line QUIT:$LENGTH(line)<2  SET:$ZCONVERT(line,"L")["content-length:" size=+$PIECE(line,": ",2) }
|    IF size { READ body#size }
|    WRITE "HTTP/1.1 200 OK"_eol_"Content-Type: text/plain"_eol_"Content-Length: 5"_eol_"X-Method: "_$PIECE(first," ")_eol_"Connection: close"_eol_eol_$SELECT($EXTRACT(first,1,4)="HEAD":"",1:"hello"),*-3,*-2
|  }
|  QUIT
> JOB serve^ex(7001,7) FOR  QUIT:$DATA(^ready)  HANG .01
> SET r=##class(%Net.HttpRequest).%New(),r.Server="127.0.0.1",r.Port=7001,r.Timeout=5,r.Https=0,r.FollowRedirect=0 WRITE r.Get("/a?b=1")," ",r.HttpResponse.StatusCode," ",r.HttpResponse.ReasonPhrase," ",r.HttpResponse.ContentType," ",r.HttpResponse.ContentLength," ",r.HttpResponse.Data.Read()
1 200 OK text/plain 5 hello
> WRITE r.HttpResponse.StatusLine," | ",r.HttpResponse.HttpVersion," | ",r.HttpResponse.GetHeader("X-Method")
HTTP/1.1 200 OK | HTTP/1.1 | GET
> DO r.SetHeader("X-Mine",1) WRITE r.GetHeader("X-Mine") DO r.RemoveHeader("X-Mine"),r.SetParam("q","x y"),r.InsertFormData("name","Ann") WRITE " ",r.Post("/form")," ",r.HttpResponse.GetHeader("X-Method")
1 1 POST
> DO r.Reset() SET r.ContentType="text/plain",r.Location="/doc" DO r.EntityBody.Write("text") WRITE r.Put()," ",r.HttpResponse.GetHeader("X-Method")," ",r.Patch()," ",r.Delete()," ",r.Head()," ",r.Send("OPTIONS","/"),r.HttpResponse.GetHeader("X-Method")
1 PUT 1 1 1 1OPTIONS
> SET r.SSLConfiguration="",r.Username="ann",r.Password="secret" WRITE r.Username
ann

%Library.Routine
> SET r=##class(%Routine).%New("demo.MAC") DO r.WriteLine("demo ; made by a program"),r.WriteLine(" QUIT 6*7") WRITE r.Name," ",r.Save() WRITE " ",$$^demo
demo.MAC 1 42
> SET r=##class(%Routine).%OpenId("demo.MAC"),r2=##class(%Routine).%OpenId("nothing.MAC",,.sc) WRITE r.ReadLine(),"|",r.AtEnd,"|",r2="",$SYSTEM.Status.IsError(sc)
demo ; made by a program|0|11
> DO r.Clear(),r.WriteLine("demo SET x=)") SET sc=r.Compile() WRITE $SYSTEM.Status.GetErrorText(sc)
ERROR #5001: demo.mac:1:12: unexpected ")", expected an expression
> WRITE ##class(%Routine).Exists("demo.MAC"),##class(%Routine).Exists("demo.INT") WRITE ##class(%Routine).Delete("demo.MAC"),##class(%Routine).Exists("demo.MAC")
1010
~ Save compiles too; Caché keeps the old code until Compile.

SYS.ApplicationError
> WRITE nosuch
<UNDEFINED> *nosuch
> SET n=##class(SYS.ApplicationError).Log(),days=##class(SYS.ApplicationError).Dates() WRITE n," ",$ZDATE($LIST(days),3)," ",$LIST(##class(SYS.ApplicationError).Numbers($LIST(days)))
1 2024-02-29 1
> WRITE ##class(SYS.ApplicationError).Title(n)["<UNDEFINED> *nosuch"
1
> DO ##class(SYS.ApplicationError).Display(2)
There is no error 2
