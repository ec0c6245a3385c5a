<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>webcam-app</name>
    <message numerus="yes">
        <source>%n damaged</source>
        <translation>
            <numerusform>%n damaged</numerusform>
            <numerusform>%n damaged</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dropped</source>
        <translation>
            <numerusform>%n dropped</numerusform>
            <numerusform>%n dropped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n face(s)</source>
        <translation>
            <numerusform>%n face</numerusform>
            <numerusform>%n faces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files and folders</source>
        <translation>
            <numerusform>%n file or folder</numerusform>
            <numerusform>%n files and folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>%n left out</numerusform>
            <numerusform>%n left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n picture</numerusform>
            <numerusform>%n pictures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are damaged or not read. The last: {remark}</source>
        <translation>
            <numerusform>%n picture is damaged or not read: {remark}</numerusform>
            <numerusform>%n pictures are damaged or not read. The last: {remark}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) left out, the disk was too slow</source>
        <translation>
            <numerusform>%n picture left out, the disk was too slow</numerusform>
            <numerusform>%n pictures left out, the disk was too slow</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) left out, the processor was too slow</source>
        <translation>
            <numerusform>%n picture left out, the processor was too slow</numerusform>
            <numerusform>%n pictures left out, the processor was too slow</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) taken.</source>
        <translation>
            <numerusform>%n picture taken.</numerusform>
            <numerusform>%n pictures taken.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s), on this machine only: {folder}</source>
        <translation>
            <numerusform>%n picture, on this machine only: {folder}</numerusform>
            <numerusform>%n pictures, on this machine only: {folder}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures could not be read; the first: {problem}</source>
        <translation>
            <numerusform>%n picture could not be read: {problem}</numerusform>
            <numerusform>%n pictures could not be read; the first: {problem}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) cut off when the application ended unexpectedly. All but the last second is there: {names}</source>
        <translation>
            <numerusform>A recording was cut off when the application ended unexpectedly. All but the last second is there: {names}</numerusform>
            <numerusform>%n recordings were cut off when the application ended unexpectedly. All but the last second is there: {names}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected; {text}</source>
        <translation>
            <numerusform>%n selected; {text}</numerusform>
            <numerusform>%n selected; {text}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with a mask</source>
        <translation>
            <numerusform>%n with a mask</numerusform>
            <numerusform>%n with a mask</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looking at pictures: %n left</source>
        <translation>
            <numerusform>Looking at pictures: %n left</numerusform>
            <numerusform>Looking at pictures: %n left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove the class {name} and delete its %n picture(s)?</source>
        <translation>
            <numerusform>Remove the class {name} and delete its %n picture?</numerusform>
            <numerusform>Remove the class {name} and delete its %n pictures?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{model} ({labels} and %n more)</source>
        <translation>
            <numerusform>{model} ({labels} and %n more)</numerusform>
            <numerusform>{model} ({labels} and %n more)</numerusform>
        </translation>
    </message>
</context>
</TS>
