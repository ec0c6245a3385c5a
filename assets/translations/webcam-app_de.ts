<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>webcam-app</name>
    <message numerus="yes">
        <source>%n damaged</source>
        <translation>
            <numerusform>%n beschädigt</numerusform>
            <numerusform>%n beschädigt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dropped</source>
        <translation>
            <numerusform>%n ausgelassen</numerusform>
            <numerusform>%n ausgelassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n face(s)</source>
        <translation>
            <numerusform>%n Gesicht</numerusform>
            <numerusform>%n Gesichter</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files and folders</source>
        <translation>
            <numerusform>%n Datei oder Ordner</numerusform>
            <numerusform>%n Dateien und Ordner</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>%n ausgelassen</numerusform>
            <numerusform>%n ausgelassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n Bild</numerusform>
            <numerusform>%n Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are damaged or not read. The last: {remark}</source>
        <translation>
            <numerusform>%n Bild ist beschädigt oder nicht lesbar: {remark}</numerusform>
            <numerusform>%n Bilder sind beschädigt oder nicht lesbar. Das letzte: {remark}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) left out, the disk was too slow</source>
        <translation>
            <numerusform>%n Bild ausgelassen, der Datenträger war zu langsam</numerusform>
            <numerusform>%n Bilder ausgelassen, der Datenträger war zu langsam</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) left out, the processor was too slow</source>
        <translation>
            <numerusform>%n Bild ausgelassen, der Prozessor war zu langsam</numerusform>
            <numerusform>%n Bilder ausgelassen, der Prozessor war zu langsam</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) taken.</source>
        <translation>
            <numerusform>%n Bild aufgenommen.</numerusform>
            <numerusform>%n Bilder aufgenommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s), on this machine only: {folder}</source>
        <translation>
            <numerusform>%n Bild, nur auf diesem Rechner: {folder}</numerusform>
            <numerusform>%n Bilder, nur auf diesem Rechner: {folder}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures could not be read; the first: {problem}</source>
        <translation>
            <numerusform>%n Bild war nicht lesbar: {problem}</numerusform>
            <numerusform>%n Bilder waren nicht lesbar; das erste: {problem}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) cut off when the application ended unexpectedly. All but the last second is there: {names}</source>
        <translation>
            <numerusform>Eine Aufnahme wurde abgebrochen, als das Programm unerwartet endete. Bis auf die letzte Sekunde ist alles da: {names}</numerusform>
            <numerusform>%n Aufnahmen wurden abgebrochen, als das Programm unerwartet endete. Bis auf die letzte Sekunde ist alles da: {names}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n Sekunde</numerusform>
            <numerusform>%n Sekunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected; {text}</source>
        <translation>
            <numerusform>%n ausgewählt; {text}</numerusform>
            <numerusform>%n ausgewählt; {text}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with a mask</source>
        <translation>
            <numerusform>%n mit Maske</numerusform>
            <numerusform>%n mit Maske</numerusform>
        </translation>
    </message>
    <message>
        <source>&apos;{address}&apos; is no address: one begins with rtsp://, http:// or https://. For a file or a camera, use the list above the picture.</source>
        <translation>„{address}“ ist keine Adresse: Adressen beginnen mit rtsp://, http:// oder https://. Dateien und Kameras stehen in der Liste über dem Bild.</translation>
    </message>
    <message>
        <source>&apos;{file}&apos; has {count} of {total} pictures.</source>
        <translation>„{file}“ enthält {count} von {total} Bildern.</translation>
    </message>
    <message>
        <source>&apos;{file}&apos; has {count} of {total} pictures; {rest} are not labelled yet.</source>
        <translation>„{file}“ enthält {count} von {total} Bildern; {rest} sind noch ohne Beschriftung.</translation>
    </message>
    <message>
        <source>&apos;{folder}&apos; cannot be used: {reason}: name another folder</source>
        <translation>„{folder}“ ist nicht verwendbar: {reason}: einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>&apos;{folder}&apos; has labelled copies of {count} of {total} pictures.</source>
        <translation>„{folder}“ enthält beschriftete Kopien von {count} der {total} Bilder.</translation>
    </message>
    <message>
        <source>&apos;{folder}&apos; has no pictures in sub-folders and no {table}: make a sub-folder for each class</source>
        <translation>„{folder}“ hat weder Bilder in Unterordnern noch eine {table}: für jede Klasse einen Unterordner anlegen</translation>
    </message>
    <message>
        <source>&apos;{folder}&apos; is no empty folder: name a new one for the labelled pictures</source>
        <translation>„{folder}“ ist kein leerer Ordner: für die beschrifteten Bilder einen neuen wählen</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; cannot be deleted: {reason}.</source>
        <translation>„{name}“ lässt sich nicht löschen: {reason}.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; cannot be moved to the trash: {reason}. Delete it for good? It cannot be brought back.</source>
        <translation>„{name}“ lässt sich nicht in den Papierkorb verschieben: {reason}. Endgültig löschen? Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; cannot be renamed: {reason}.</source>
        <translation>„{name}“ lässt sich nicht umbenennen: {reason}.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; has no pictures</source>
        <translation>„{name}“ enthält keine Bilder</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is no name for a file on every system: choose another one.</source>
        <translation>„{name}“ ist nicht auf jedem System ein gültiger Dateiname: einen anderen wählen.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is not there any more.</source>
        <translation>„{name}“ ist nicht mehr da.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is what faces unlike all examples are called: give the class another name.</source>
        <translation>„{name}“ heißen schon Gesichter, die keinem Beispiel gleichen: der Klasse einen anderen Namen geben.</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; cannot be read: {reason}</source>
        <translation>„{path}“ ist nicht lesbar: {reason}</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; has labels of another model ({classes}): move it away to begin a table of this model&apos;s, and label again</source>
        <translation>„{path}“ enthält Beschriftungen eines anderen Modells ({classes}): die Datei verschieben, um eine Tabelle dieses Modells zu beginnen, und neu beschriften</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; has no column &apos;path&apos;: rename the file, and label again</source>
        <translation>„{path}“ hat keine Spalte „path“: die Datei umbenennen und die Beschriftungen neu vergeben</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is no table with a header ({reason}): rename it</source>
        <translation>„{path}“ ist keine Tabelle mit Kopfzeile ({reason}): die Datei umbenennen</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is the video that is read: choose another name for the copy.</source>
        <translation>„{path}“ ist das Video, das gelesen wird: für die Kopie einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>0.1 seconds</source>
        <translation>0,1 Sekunden</translation>
    </message>
    <message>
        <source>0.2 seconds</source>
        <translation>0,2 Sekunden</translation>
    </message>
    <message>
        <source>0.5 seconds</source>
        <translation>0,5 Sekunden</translation>
    </message>
    <message>
        <source>1 second</source>
        <translation>1 Sekunde</translation>
    </message>
    <message>
        <source>1 to 9, held</source>
        <translation>1 bis 9, gehalten</translation>
    </message>
    <message>
        <source>10 seconds</source>
        <translation>10 Sekunden</translation>
    </message>
    <message>
        <source>2 seconds</source>
        <translation>2 Sekunden</translation>
    </message>
    <message>
        <source>3 seconds</source>
        <translation>3 Sekunden</translation>
    </message>
    <message>
        <source>5 seconds</source>
        <translation>5 Sekunden</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95-%-Intervall</translation>
    </message>
    <message>
        <source>95 % interval: {low} to {high}</source>
        <translation>95-%-Intervall: {low} bis {high}</translation>
    </message>
    <message>
        <source>A class needs a name.</source>
        <translation>Eine Klasse braucht einen Namen.</translation>
    </message>
    <message>
        <source>A copy is being written already. Wait for it, or stop it.</source>
        <translation>Es wird schon eine Kopie geschrieben. Abwarten oder beenden.</translation>
    </message>
    <message>
        <source>A face counts once for as long as it is followed, by the label that it had longest.</source>
        <translation>Ein Gesicht zählt einmal, solange es verfolgt wird, mit der Beschriftung, die es am längsten hatte.</translation>
    </message>
    <message>
        <source>A face of a class that was not taught would get a wrong name in {share} of the cases.</source>
        <translation>Ein Gesicht einer nicht angelernten Klasse bekäme in {share} der Fälle einen falschen Namen.</translation>
    </message>
    <message>
        <source>A face that was drawn is not labelled: {problem}</source>
        <translation>Ein eingezeichnetes Gesicht bleibt ohne Beschriftung: {problem}</translation>
    </message>
    <message>
        <source>A face without a label.</source>
        <translation>Ein Gesicht ohne Beschriftung.</translation>
    </message>
    <message>
        <source>A file needs a name.</source>
        <translation>Eine Datei braucht einen Namen.</translation>
    </message>
    <message>
        <source>A file&apos;s name cannot have {sign} in it.</source>
        <translation>Ein Dateiname kann kein {sign} enthalten.</translation>
    </message>
    <message>
        <source>A label says how a face is &lt;b&gt;perceived by a network&lt;/b&gt; that was trained on pictures which other people had labelled. It does not say who someone is. The network has no way to know a person&apos;s gender, and it is wrong more often on some groups of people than on others.</source>
        <translation>Eine Beschriftung sagt, wie ein Gesicht &lt;b&gt;von einem Netz wahrgenommen&lt;/b&gt; wird, das an Bildern trainiert wurde, die andere Menschen beschriftet haben. Sie sagt nicht, wer jemand ist. Das Netz kann das Geschlecht eines Menschen nicht wissen, und bei manchen Gruppen irrt es sich öfter als bei anderen.</translation>
    </message>
    <message>
        <source>A name that begins with a dot hides the file: choose another one.</source>
        <translation>Ein Name, der mit einem Punkt beginnt, versteckt die Datei: einen anderen wählen.</translation>
    </message>
    <message>
        <source>A new file each time; nothing is overwritten.</source>
        <translation>Jedes Mal eine neue Datei; nichts wird überschrieben.</translation>
    </message>
    <message>
        <source>A picture a minute</source>
        <translation>Ein Bild pro Minute</translation>
    </message>
    <message>
        <source>A picture a second</source>
        <translation>Ein Bild pro Sekunde</translation>
    </message>
    <message>
        <source>A picture every 10 seconds</source>
        <translation>Alle 10 Sekunden ein Bild</translation>
    </message>
    <message>
        <source>A picture every 2 seconds</source>
        <translation>Alle 2 Sekunden ein Bild</translation>
    </message>
    <message>
        <source>A picture every 30 seconds</source>
        <translation>Alle 30 Sekunden ein Bild</translation>
    </message>
    <message>
        <source>A picture every 5 seconds</source>
        <translation>Alle 5 Sekunden ein Bild</translation>
    </message>
    <message>
        <source>A recording is running already. Stop it first.</source>
        <translation>Es läuft schon eine Aufnahme. Zuerst diese beenden.</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über das Programm</translation>
    </message>
    <message>
        <source>About…</source>
        <translation>Über das Programm…</translation>
    </message>
    <message>
        <source>Add a class</source>
        <translation>Klasse hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder with a sub-folder for each class</source>
        <translation>Einen Ordner mit einem Unterordner für jede Klasse hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder with a sub-folder of pictures for each class; it can be dropped here too</source>
        <translation>Einen Ordner mit einem Unterordner voller Bilder für jede Klasse hinzufügen; er lässt sich auch hierher ziehen</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>Dateien…</translation>
    </message>
    <message>
        <source>Add folders…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <source>Add picture files; files and folders can also be dropped here</source>
        <translation>Bilddateien hinzufügen; Dateien und Ordner lassen sich auch hierher ziehen</translation>
    </message>
    <message>
        <source>Add pictures</source>
        <translation>Bilder hinzufügen</translation>
    </message>
    <message>
        <source>Add pictures to {name}</source>
        <translation>Bilder zu {name} hinzufügen</translation>
    </message>
    <message>
        <source>Add two classes or more, and show examples of each.</source>
        <translation>Mindestens zwei Klassen anlegen und von jeder Beispiele zeigen.</translation>
    </message>
    <message>
        <source>Add yourself to its group (sudo usermod -aG video $USER) and log in again.</source>
        <translation>Das Benutzerkonto in ihre Gruppe aufnehmen (sudo usermod -aG video $USER) und neu anmelden.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Address of a network camera or stream, for example rtsp://192.168.1.20/stream</source>
        <translation>Adresse einer Netzwerkkamera oder eines Streams, zum Beispiel rtsp://192.168.1.20/stream</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>All actions</source>
        <translation>Alle Aktionen</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>All keys</source>
        <translation>Alle Tasten</translation>
    </message>
    <message>
        <source>All photographs</source>
        <translation>Alle Fotos</translation>
    </message>
    <message>
        <source>Alt+arrow keys</source>
        <translation>Alt+Pfeiltasten</translation>
    </message>
    <message>
        <source>An empty folder for labelled copies</source>
        <translation>Leerer Ordner für beschriftete Kopien</translation>
    </message>
    <message>
        <source>Annotated copy</source>
        <translation>Beschriftete Kopie</translation>
    </message>
    <message>
        <source>Annotated copy, with all faces covered</source>
        <translation>Beschriftete Kopie, alle Gesichter verdeckt</translation>
    </message>
    <message>
        <source>Annotated copy…</source>
        <translation>Beschriftete Kopie…</translation>
    </message>
    <message>
        <source>Apache 2.0</source>
        <translation>Apache 2.0</translation>
    </message>
    <message>
        <source>Apache 2.0; the FFmpeg in it LGPL v2.1 or later</source>
        <translation>Apache 2.0; das FFmpeg darin LGPL v2.1 oder neuer</translation>
    </message>
    <message>
        <source>Arrows move the box, with Shift they change its size; Return keeps it, Esc does not</source>
        <translation>Pfeile verschieben den Rahmen, mit Umschalt ändern sie ihn; Return übernimmt, Esc verwirft</translation>
    </message>
    <message>
        <source>As in a mirror. Text stays readable, recordings look the same.</source>
        <translation>Wie im Spiegel. Schrift bleibt lesbar, Aufnahmen sehen genauso aus.</translation>
    </message>
    <message>
        <source>As it is used, {labelled} of the faces get a label, and of these {right} the right one; the others are called {unsure}.</source>
        <translation>Im Einsatz bekommen {labelled} der Gesichter eine Beschriftung, davon {right} die richtige; die übrigen heißen „{unsure}“.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Asking the camera…</source>
        <translation>Die Kamera wird abgefragt…</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Automatic focus</source>
        <translation>Automatischer Fokus</translation>
    </message>
    <message>
        <source>Automatic gain</source>
        <translation>Automatische Verstärkung</translation>
    </message>
    <message>
        <source>Automatic white balance</source>
        <translation>Automatischer Weißabgleich</translation>
    </message>
    <message>
        <source>Automatic, with a fixed aperture</source>
        <translation>Automatisch, mit fester Blende</translation>
    </message>
    <message>
        <source>BSD 2-Clause</source>
        <translation>BSD 2-Clause</translation>
    </message>
    <message>
        <source>BSD 3-Clause</source>
        <translation>BSD 3-Clause</translation>
    </message>
    <message>
        <source>BSD 3-Clause; parts 0BSD, MIT, Zlib, CC0</source>
        <translation>BSD 3-Clause; Teile 0BSD, MIT, Zlib, CC0</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the grid; Esc does the same</source>
        <translation>Zurück zur Übersicht; Esc tut dasselbe</translation>
    </message>
    <message>
        <source>Back to the live picture</source>
        <translation>Zurück zum Livebild</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>Zurück zum Bild</translation>
    </message>
    <message>
        <source>Backlight compensation</source>
        <translation>Gegenlichtausgleich</translation>
    </message>
    <message>
        <source>Before a picture is taken. S or Esc cancels it.</source>
        <translation>Bevor ein Foto gemacht wird. S oder Esc bricht ihn ab.</translation>
    </message>
    <message>
        <source>Before a recording begins. R or Esc cancels it.</source>
        <translation>Vor dem Beginn einer Aufnahme. R oder Esc bricht ihn ab.</translation>
    </message>
    <message>
        <source>Beginning…</source>
        <translation>Wird begonnen…</translation>
    </message>
    <message>
        <source>Below {share} no label is given.</source>
        <translation>Unter {share} wird keine Beschriftung vergeben.</translation>
    </message>
    <message>
        <source>Black</source>
        <comment>group</comment>
        <translation>schwarz</translation>
    </message>
    <message>
        <source>Blue balance</source>
        <translation>Blauabgleich</translation>
    </message>
    <message>
        <source>Blur every face, also in recordings; a click on a face leaves it out</source>
        <translation>Jedes Gesicht unscharf machen, auch in Aufnahmen; ein Klick auf ein Gesicht nimmt es aus</translation>
    </message>
    <message>
        <source>Blurred</source>
        <translation>Unscharf</translation>
    </message>
    <message>
        <source>Boxes and labels as on the screen. Shift+S takes the other kind; covered faces are covered in both.</source>
        <translation>Rahmen und Beschriftungen wie auf dem Bildschirm. Umschalt+S macht das Foto andersherum; verdeckte Gesichter bleiben in beiden verdeckt.</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Helligkeit</translation>
    </message>
    <message>
        <source>Brightness, exposure, focus and more, where the camera has them</source>
        <translation>Helligkeit, Belichtung, Fokus und mehr, soweit die Kamera es kann</translation>
    </message>
    <message>
        <source>Built-in model</source>
        <translation>Mitgeliefertes Modell</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>By {kind}</source>
        <translation>Nach {kind}</translation>
    </message>
    <message>
        <source>CC BY 4.0, Kärkkäinen and Joo 2021</source>
        <translation>CC BY 4.0, Kärkkäinen und Joo 2021</translation>
    </message>
    <message>
        <source>CC0</source>
        <translation>CC0</translation>
    </message>
    <message>
        <source>Called unsure</source>
        <translation>Heißt „unsicher“</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Camera controls</source>
        <translation>Kamera einstellen</translation>
    </message>
    <message>
        <source>Camera controls…</source>
        <translation>Kamera einstellen…</translation>
    </message>
    <message>
        <source>Camera or file</source>
        <translation>Kamera oder Datei</translation>
    </message>
    <message>
        <source>Camera {number}</source>
        <translation>Kamera {number}</translation>
    </message>
    <message>
        <source>Can its confidence be believed? On the diagonal it can.</source>
        <translation>Ist auf seine Sicherheit Verlass? Auf der Diagonale ja.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cannot record to &apos;{path}&apos;: {reason}</source>
        <translation>In „{path}“ kann nicht aufgenommen werden: {reason}</translation>
    </message>
    <message>
        <source>Cannot write &apos;{path}&apos;: name it with the ending .jpg or .png</source>
        <translation>„{path}“ kann nicht geschrieben werden: der Name muss auf .jpg oder .png enden</translation>
    </message>
    <message>
        <source>Cannot write &apos;{path}&apos;: name it with the ending .mp4 (or .mov, .mkv)</source>
        <translation>„{path}“ kann nicht geschrieben werden: der Name muss auf .mp4 (oder .mov, .mkv) enden</translation>
    </message>
    <message>
        <source>Cannot write &apos;{path}&apos;: {reason}</source>
        <translation>„{path}“ kann nicht geschrieben werden: {reason}</translation>
    </message>
    <message>
        <source>Checksum</source>
        <translation>Prüfsumme</translation>
    </message>
    <message>
        <source>Choose a camera or a file above.</source>
        <translation>Oben eine Kamera oder Datei wählen.</translation>
    </message>
    <message>
        <source>Choose a face first: click on it, or press N</source>
        <translation>Zuerst ein Gesicht auswählen: anklicken oder N drücken</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Class {number}</source>
        <translation>Klasse {number}</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Close the program that shows its picture (a browser, a meeting), then try again.</source>
        <translation>Das Programm schließen, das ihr Bild zeigt (Browser, Videokonferenz), dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Close the window; a recording is finished first</source>
        <translation>Das Fenster schließen; eine Aufnahme wird vorher beendet</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Compare the labels with the true ones that are known</source>
        <translation>Die Beschriftungen mit den bekannten richtigen vergleichen</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Confidence and what was right</source>
        <translation>Sicherheit und was richtig war</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>Copied: versions, system, settings and the last messages, without names, paths and addresses. Read it before you send it.</source>
        <translation>Kopiert: Versionen, System, Einstellungen und die letzten Meldungen, ohne Namen, Pfade und Adressen. Bitte vor dem Absenden durchlesen.</translation>
    </message>
    <message>
        <source>Copies are being written: wait for them, or cancel.</source>
        <translation>Kopien werden gerade geschrieben: abwarten oder abbrechen.</translation>
    </message>
    <message>
        <source>Copy details for a bug report</source>
        <translation>Angaben für Fehlerbericht kopieren</translation>
    </message>
    <message>
        <source>Copy the pictures to a new folder</source>
        <translation>Bilder in einen neuen Ordner kopieren</translation>
    </message>
    <message>
        <source>Copy the pictures to another folder, with a labels.csv</source>
        <translation>Die Bilder in einen anderen Ordner kopieren, mit einer labels.csv</translation>
    </message>
    <message>
        <source>Correct it again</source>
        <translation>Die Korrektur wiederherstellen</translation>
    </message>
    <message>
        <source>Countdown</source>
        <translation>Countdown</translation>
    </message>
    <message>
        <source>Countdown for snapshots</source>
        <translation>Countdown für Fotos</translation>
    </message>
    <message>
        <source>Cover faces</source>
        <translation>Gesichter verdecken</translation>
    </message>
    <message>
        <source>Ctrl+Shift+S takes so many.</source>
        <translation>So viele macht Strg+Umschalt+S.</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Dark or light. &apos;As the system&apos; follows the desktop, also while the window is open.</source>
        <translation>Dunkel oder hell. „Wie das System“ folgt dem Desktop, auch während das Fenster offen ist.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete all classes and their pictures</source>
        <translation>Alle Klassen und ihre Bilder löschen</translation>
    </message>
    <message>
        <source>Delete all {classes} classes and their {pictures} pictures?</source>
        <translation>Alle {classes} Klassen und ihre {pictures} Bilder löschen?</translation>
    </message>
    <message>
        <source>Delete all…</source>
        <translation>Alles löschen…</translation>
    </message>
    <message>
        <source>Delete chosen pictures</source>
        <translation>Ausgewählte Bilder löschen</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message>
        <source>Demo clip</source>
        <translation>Demovideo</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Do not record</source>
        <translation>Nicht aufnehmen</translation>
    </message>
    <message>
        <source>Do not take the picture</source>
        <translation>Kein Foto machen</translation>
    </message>
    <message>
        <source>Drag a box from the eyebrows to below the mouth; or arrows, Shift+arrows, Return. Esc: none</source>
        <translation>Von den Augenbrauen bis unter den Mund ziehen; oder Pfeile, Umschalt+Pfeile, Return. Esc: keinen</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>Einzeichnen</translation>
    </message>
    <message>
        <source>Draw a box around a face that is missing</source>
        <translation>Einen Rahmen um ein fehlendes Gesicht zeichnen</translation>
    </message>
    <message>
        <source>Each row is what the pictures show, each column what they were called:</source>
        <translation>Jede Zeile steht für das, was die Bilder zeigen, jede Spalte für das, wie sie beschriftet wurden:</translation>
    </message>
    <message>
        <source>East Asian</source>
        <comment>group</comment>
        <translation>ostasiatisch</translation>
    </message>
    <message>
        <source>Enlarge the picture, on the screen only; the wheel and two fingers do, dragging moves it</source>
        <translation>Das Bild vergrößern, nur auf dem Bildschirm; auch mit Mausrad oder zwei Fingern, Ziehen verschiebt es</translation>
    </message>
    <message>
        <source>Enlarged to {share}</source>
        <translation>Auf {share} vergrößert</translation>
    </message>
    <message>
        <source>Everything as the camera&apos;s maker set it; what was set here is forgotten</source>
        <translation>Alles auf die Werte des Herstellers; was hier eingestellt wurde, wird vergessen</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>CSV exportieren…</translation>
    </message>
    <message>
        <source>Export what was found</source>
        <translation>Ergebnisse exportieren</translation>
    </message>
    <message>
        <source>Export who was seen</source>
        <translation>Exportieren, wer gesehen wurde</translation>
    </message>
    <message>
        <source>Export who was seen…</source>
        <translation>Exportieren, wer gesehen wurde…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>Exposure control</source>
        <translation>Belichtungsautomatik</translation>
    </message>
    <message>
        <source>Exposure time</source>
        <translation>Belichtungszeit</translation>
    </message>
    <message>
        <source>Face {number} of {count}: digits label it, M moves it, Delete says that it is none</source>
        <translation>Gesicht {number} von {count}: Ziffern beschriften es, M verschiebt es, Entf sagt, dass es keines ist</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Faces are not found: {reason}.</source>
        <translation>Gesichter werden nicht gefunden: {reason}.</translation>
    </message>
    <message>
        <source>Faces are not looked for: {reason}.</source>
        <translation>Nach Gesichtern wird nicht gesucht: {reason}.</translation>
    </message>
    <message>
        <source>Faces in the picture now</source>
        <translation>Gesichter, die jetzt im Bild sind</translation>
    </message>
    <message>
        <source>Faces since {time}: {count}</source>
        <translation>Gesichter seit {time}: {count}</translation>
    </message>
    <message>
        <source>Faces stay without labels: {problem}</source>
        <translation>Gesichter bleiben ohne Beschriftung: {problem}</translation>
    </message>
    <message>
        <source>Faces unlike all examples</source>
        <translation>Gesichter, die keinem Beispiel gleichen</translation>
    </message>
    <message>
        <source>Faces written to &apos;{file}&apos;: {count}.</source>
        <translation>In „{file}“ geschriebene Gesichter: {count}.</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>Schneller</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Fill the screen; Esc leaves it</source>
        <translation>Den Bildschirm füllen; Esc beendet das</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>Einfarbig</translation>
    </message>
    <message>
        <source>Find what can be done by typing</source>
        <translation>Durch Tippen finden, was sich tun lässt</translation>
    </message>
    <message>
        <source>Finish the recording; the picture goes on</source>
        <translation>Die Aufnahme abschließen; das Bild läuft weiter</translation>
    </message>
    <message>
        <source>Flicker of lamps</source>
        <translation>Lampenflimmern</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>Fokus</translation>
    </message>
    <message>
        <source>Folders, labels, mirror</source>
        <translation>Ordner, Beschriftungen, Spiegeln</translation>
    </message>
    <message>
        <source>Folders…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Found with {command}</source>
        <translation>Ermittelt mit {command}</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>Standbild</translation>
    </message>
    <message>
        <source>From one to the next.</source>
        <translation>Von einem zum nächsten.</translation>
    </message>
    <message>
        <source>From picture taken to picture painted: median, and what 95 % stay below</source>
        <translation>Von der Aufnahme eines Bildes bis zur Anzeige: Median und Grenze, unter der 95&#xa0;% bleiben</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>Standbild</translation>
    </message>
    <message>
        <source>Frozen: the recording goes on live</source>
        <translation>Standbild: die Aufnahme läuft live weiter</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>GPL v2</source>
        <translation>GPL v2</translation>
    </message>
    <message>
        <source>GPL v2 or later</source>
        <translation>GPL v2 oder neuer</translation>
    </message>
    <message>
        <source>GPL v3</source>
        <translation>GPL v3</translation>
    </message>
    <message>
        <source>GPL v3 or later</source>
        <translation>GPL v3 oder neuer</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Verstärkung</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>Gamma</translation>
    </message>
    <message>
        <source>Go 5 seconds back in the video</source>
        <translation>Im Video 5 Sekunden zurückgehen</translation>
    </message>
    <message>
        <source>Go 5 seconds on in the video</source>
        <translation>Im Video 5 Sekunden vorgehen</translation>
    </message>
    <message>
        <source>Go back to the live picture</source>
        <translation>Zurück zum Livebild</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Go on recording</source>
        <translation>Aufnahme fortsetzen</translation>
    </message>
    <message>
        <source>Go on recording in the same file</source>
        <translation>Die Aufnahme in derselben Datei fortsetzen</translation>
    </message>
    <message>
        <source>Go on, or begin again at the end</source>
        <translation>Weiter abspielen oder am Ende von vorn beginnen</translation>
    </message>
    <message>
        <source>Go to the beginning of the video</source>
        <translation>Zum Anfang des Videos gehen</translation>
    </message>
    <message>
        <source>Go to the end of the video</source>
        <translation>Zum Ende des Videos gehen</translation>
    </message>
    <message>
        <source>Go to the next button</source>
        <translation>Zur nächsten Schaltfläche</translation>
    </message>
    <message>
        <source>Go to the next one that the model is unsure of</source>
        <translation>Zum nächsten, bei dem das Modell unsicher ist</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>H.264 of the recordings</source>
        <translation>H.264 der Aufnahmen</translation>
    </message>
    <message>
        <source>HEIC</source>
        <translation>HEIC</translation>
    </message>
    <message>
        <source>HEIC photographs</source>
        <translation>HEIC-Fotos</translation>
    </message>
    <message>
        <source>Here it will say how good the model is, which classes it confuses, and what would help.</source>
        <translation>Hier steht später, wie gut das Modell ist, welche Klassen es verwechselt und was helfen würde.</translation>
    </message>
    <message>
        <source>Hold a class&apos;s button while the camera looks at an example.</source>
        <translation>Die Schaltfläche einer Klasse gedrückt halten, während die Kamera ein Beispiel sieht.</translation>
    </message>
    <message>
        <source>Hold a class&apos;s button while the camera looks at an example. Or train now.</source>
        <translation>Die Schaltfläche einer Klasse gedrückt halten, während die Kamera ein Beispiel sieht. Oder jetzt trainieren.</translation>
    </message>
    <message>
        <source>Hold the picture; press again to go on</source>
        <translation>Das Bild anhalten; erneut drücken, um fortzufahren</translation>
    </message>
    <message>
        <source>Hold to take</source>
        <translation>Zum Aufnehmen halten</translation>
    </message>
    <message>
        <source>Hold to take pictures of {name}</source>
        <translation>Halten, um Bilder von {name} aufzunehmen</translation>
    </message>
    <message>
        <source>How fast the video plays (− and +)</source>
        <translation>Wie schnell das Video läuft (− und +)</translation>
    </message>
    <message>
        <source>How good it is</source>
        <translation>Wie gut es ist</translation>
    </message>
    <message>
        <source>How good it is cannot be told: no class has pictures of two different moments.</source>
        <translation>Wie gut es ist, lässt sich nicht sagen: keine Klasse hat Bilder aus zwei verschiedenen Momenten.</translation>
    </message>
    <message>
        <source>How good the model is</source>
        <translation>Wie gut das Modell ist</translation>
    </message>
    <message>
        <source>How it was made</source>
        <translation>Wie es entstanden ist</translation>
    </message>
    <message>
        <source>How much of the copy is written</source>
        <translation>Wie viel von der Kopie geschrieben ist</translation>
    </message>
    <message>
        <source>How often it is right: {data}</source>
        <translation>Wie oft es richtig liegt: {data}</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>Farbton</translation>
    </message>
    <message>
        <source>In which order they are shown</source>
        <translation>In welcher Reihenfolge sie gezeigt werden</translation>
    </message>
    <message>
        <source>Indian</source>
        <comment>group</comment>
        <translation>indisch</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>It calls {unsure} unsure; of those that it labels, {right} are right.</source>
        <translation>Bei {unsure} ist es unsicher; von denen, die es beschriftet, sind {right} richtig.</translation>
    </message>
    <message>
        <source>It is being recorded, and the recording would go on with &apos;{name}&apos;. Stop it first.</source>
        <translation>Es wird gerade aufgenommen, und die Aufnahme ginge mit „{name}“ weiter. Zuerst die Aufnahme beenden.</translation>
    </message>
    <message>
        <source>It is still being loaded.</source>
        <translation>Es wird noch geladen.</translation>
    </message>
    <message>
        <source>It looks like those already there: turn a little, come nearer.</source>
        <translation>Das sieht aus wie die schon vorhandenen: etwas drehen, näher kommen.</translation>
    </message>
    <message>
        <source>Its confidence is off by {share} on average.</source>
        <translation>Seine Sicherheit liegt im Mittel um {share} daneben.</translation>
    </message>
    <message>
        <source>JPEG XL photographs</source>
        <translation>JPEG-XL-Fotos</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep several pictures in a row; the settings say how many and how fast</source>
        <translation>Mehrere Fotos hintereinander machen; wie viele und wie schnell, steht in den Einstellungen</translation>
    </message>
    <message>
        <source>Keep the model as a file that every command takes</source>
        <translation>Das Modell als Datei speichern, die jeder Befehl annimmt</translation>
    </message>
    <message>
        <source>Keep the picture without boxes and labels; with them, where the settings leave them out</source>
        <translation>Das Bild ohne Rahmen und Beschriftungen speichern; mit ihnen, wenn die Einstellungen sie weglassen</translation>
    </message>
    <message>
        <source>Keep the picture you see now as a file</source>
        <translation>Das Bild, das jetzt zu sehen ist, als Datei speichern</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>Keyboard…</source>
        <translation>Tastatur…</translation>
    </message>
    <message>
        <source>LGPL v2.1 or CDDL 1.0</source>
        <translation>LGPL v2.1 oder CDDL 1.0</translation>
    </message>
    <message>
        <source>LGPL v3</source>
        <translation>LGPL v3</translation>
    </message>
    <message>
        <source>LGPL v3 or later; with x264 and x265 GPL</source>
        <translation>LGPL v3 oder neuer; mit x264 und x265 GPL</translation>
    </message>
    <message>
        <source>LGPL v3 or later; x265 in the same package GPL</source>
        <translation>LGPL v3 oder neuer; x265 im selben Paket GPL</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Beschriftung</translation>
    </message>
    <message>
        <source>Label the others</source>
        <translation>Die übrigen beschriften</translation>
    </message>
    <message>
        <source>Label with another model</source>
        <translation>Mit einem anderen Modell beschriften</translation>
    </message>
    <message>
        <source>Label with the model that comes with it</source>
        <translation>Mit dem mitgelieferten Modell beschriften</translation>
    </message>
    <message>
        <source>Labelled copies: {count} of {total}</source>
        <translation>Beschriftete Kopien: {count} von {total}</translation>
    </message>
    <message>
        <source>Labelled copies…</source>
        <translation>Beschriftete Kopien…</translation>
    </message>
    <message>
        <source>Labelling failed: {reason} ({kind}).</source>
        <translation>Das Beschriften ist fehlgeschlagen: {reason} ({kind}).</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Beschriftungen</translation>
    </message>
    <message>
        <source>Labels by {model}</source>
        <translation>Beschriftungen: {model}</translation>
    </message>
    <message>
        <source>Labels in snapshots</source>
        <translation>Beschriftungen in Fotos</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Groß</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Größer</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>Letzte Minute</translation>
    </message>
    <message>
        <source>Last recordings</source>
        <translation>Letzte Aufnahmen</translation>
    </message>
    <message>
        <source>Last recordings and snapshots</source>
        <translation>Letzte Aufnahmen und Fotos</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <source>Latino Hispanic</source>
        <comment>group</comment>
        <translation>lateinamerikanisch</translation>
    </message>
    <message>
        <source>Leave full screen; cancel opening</source>
        <translation>Vollbild verlassen; Öffnen abbrechen</translation>
    </message>
    <message>
        <source>Leave out what comes, and go on in the same file</source>
        <translation>Auslassen, was kommt, und später in derselben Datei fortfahren</translation>
    </message>
    <message>
        <source>Length of the video</source>
        <translation>Länge des Videos</translation>
    </message>
    <message>
        <source>Let other programs, such as those for calls, see this picture as a camera</source>
        <translation>Andere Programme, etwa für Videoanrufe, dieses Bild als Kamera sehen lassen</translation>
    </message>
    <message>
        <source>Let the picture stand still while the camera and a recording go on; a snapshot keeps what stands</source>
        <translation>Das Bild stehen lassen, während Kamera und Aufnahme weiterlaufen; ein Foto hält das stehende Bild fest</translation>
    </message>
    <message>
        <source>Level of the microphone</source>
        <translation>Pegel des Mikrofons</translation>
    </message>
    <message>
        <source>Level of the microphone: {name}</source>
        <translation>Pegel des Mikrofons: {name}</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>Livebild</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Looked again at {time}: {reason}</source>
        <translation>Um {time} erneut gesucht: {reason}</translation>
    </message>
    <message numerus="yes">
        <source>Looking at pictures: %n left</source>
        <translation>
            <numerusform>Bilder werden angesehen: noch %n</numerusform>
            <numerusform>Bilder werden angesehen: noch %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for a camera…</source>
        <translation>Eine Kamera wird gesucht…</translation>
    </message>
    <message>
        <source>Looking for pictures…</source>
        <translation>Bilder werden gesucht…</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Lower the rate in the dark</source>
        <translation>Bei Dunkelheit weniger Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>MIT</source>
        <translation>MIT</translation>
    </message>
    <message>
        <source>MIT, as the application. The pictures have their own, named above.</source>
        <translation>MIT, wie das Programm. Die Bilder haben ihre eigenen, oben genannten Lizenzen.</translation>
    </message>
    <message>
        <source>MIT-CMU</source>
        <translation>MIT-CMU</translation>
    </message>
    <message>
        <source>MPL 2.0 and MIT</source>
        <translation>MPL 2.0 und MIT</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>Masks: {right} right; {seen} of the masks are seen, and {so} of what is called masked is.</source>
        <translation>Masken: {right} richtig; {seen} der Masken werden gesehen, und von den als maskiert bezeichneten sind es {so}.</translation>
    </message>
    <message>
        <source>Measured by leaving pictures out in turn and asking a model that was taught with the others. It holds for faces and light like those of the pictures.</source>
        <translation>Gemessen, indem der Reihe nach Bilder ausgelassen und einem mit den übrigen angelernten Modell vorgelegt werden. Das gilt für Gesichter und Licht wie auf den Bildern.</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Middle Eastern</source>
        <comment>group</comment>
        <translation>nahöstlich</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegeln</translation>
    </message>
    <message>
        <source>Mirror cameras</source>
        <translation>Kameras spiegeln</translation>
    </message>
    <message>
        <source>Mirror files and streams</source>
        <translation>Dateien und Streams spiegeln</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>More about {name}</source>
        <translation>Mehr zu {name}</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Move or remove this class, delete pictures</source>
        <translation>Diese Klasse verschieben oder entfernen, Bilder löschen</translation>
    </message>
    <message>
        <source>Move the selected box, or change its size, with the arrows</source>
        <translation>Den ausgewählten Rahmen mit den Pfeiltasten verschieben oder seine Größe ändern</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>In den Papierkorb verschieben</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name of the class</source>
        <translation>Name der Klasse</translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation>Name der Datei</translation>
    </message>
    <message>
        <source>Name two classes or more, such as glasses and none, or people who agreed to it. Hold a class&apos;s button while the camera looks at an example, or drop pictures on it. Then press Train.</source>
        <translation>Mindestens zwei Klassen benennen, etwa „mit Brille“ und „ohne Brille“, oder Menschen, die zugestimmt haben. Die Schaltfläche einer Klasse gedrückt halten, während die Kamera ein Beispiel sieht, oder Bilder darauf ziehen. Dann „Trainieren“ drücken.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Next face</source>
        <translation>Nächstes Gesicht</translation>
    </message>
    <message>
        <source>Next unsure</source>
        <translation>Nächstes unsichere</translation>
    </message>
    <message>
        <source>Next: {name}</source>
        <translation>Weiter: {name}</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>No camera is open.</source>
        <translation>Es ist keine Kamera geöffnet.</translation>
    </message>
    <message>
        <source>No camera was found.</source>
        <translation>Es wurde keine Kamera gefunden.</translation>
    </message>
    <message>
        <source>No camera was found. Plug one in and try again, or open a video file, a folder of pictures or a stream.</source>
        <translation>Es wurde keine Kamera gefunden. Eine anschließen und erneut versuchen, oder ein Video, einen Ordner mit Bildern oder einen Stream öffnen.</translation>
    </message>
    <message>
        <source>No face</source>
        <translation>Kein Gesicht</translation>
    </message>
    <message>
        <source>No face in the picture.</source>
        <translation>Kein Gesicht im Bild.</translation>
    </message>
    <message>
        <source>No file manager could be started. The folder is {folder}</source>
        <translation>Es ließ sich kein Dateimanager starten. Der Ordner ist {folder}</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>No pictures</source>
        <translation>Keine Bilder</translation>
    </message>
    <message>
        <source>No process can be started: {reason}</source>
        <translation>Es lässt sich kein Prozess starten: {reason}</translation>
    </message>
    <message>
        <source>No true label is known. Name sub-folders like the labels, put a labels.csv with the columns path,label beside the pictures, or label some with the digits.</source>
        <translation>Es ist keine richtige Beschriftung bekannt. Unterordner wie die Beschriftungen nennen, eine labels.csv mit den Spalten path,label neben die Bilder legen oder einige mit den Zifferntasten beschriften.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>None (there is no microphone)</source>
        <translation>Ohne (es ist kein Mikrofon da)</translation>
    </message>
    <message>
        <source>None ({problem})</source>
        <translation>Ohne ({problem})</translation>
    </message>
    <message>
        <source>None of the {count} pictures in {folder} can be read: {problem}</source>
        <translation>Keines der {count} Bilder in {folder} ist lesbar: {problem}</translation>
    </message>
    <message>
        <source>Not at all</source>
        <translation>Gar nicht</translation>
    </message>
    <message>
        <source>Nothing answers at {name}. Is the camera on, and the address right?</source>
        <translation>Unter {name} antwortet nichts. Ist die Kamera an und die Adresse richtig?</translation>
    </message>
    <message>
        <source>Nothing answers at {name}. Is the camera on, and the port right?</source>
        <translation>Unter {name} antwortet nichts. Ist die Kamera an und der Port richtig?</translation>
    </message>
    <message>
        <source>Nothing leaves this machine. No picture is written to a file unless you record, take a snapshot or teach classes, and then the window shows it.</source>
        <translation>Nichts verlässt diesen Rechner. Kein Bild wird in eine Datei geschrieben, außer beim Aufnehmen, beim Fotografieren oder beim Anlernen von Klassen, und dann zeigt das Fenster es an.</translation>
    </message>
    <message>
        <source>Nothing of that name can be done now</source>
        <translation>Nichts dieses Namens ist jetzt möglich</translation>
    </message>
    <message>
        <source>Nothing yet: R records, S takes a snapshot</source>
        <translation>Noch nichts da: R nimmt auf, S macht ein Foto</translation>
    </message>
    <message>
        <source>Of faces of a class that was not taught, {named} would get a wrong label; the others are called {unsure}.</source>
        <translation>Von Gesichtern einer nicht angelernten Klasse bekämen {named} eine falsche Beschriftung; die übrigen heißen „{unsure}“.</translation>
    </message>
    <message>
        <source>Of several files that were opened, show the next one</source>
        <translation>Von mehreren geöffneten Dateien die nächste zeigen</translation>
    </message>
    <message>
        <source>Of several files that were opened, show the one before</source>
        <translation>Von mehreren geöffneten Dateien die vorige zeigen</translation>
    </message>
    <message>
        <source>Of the window, from its next start.</source>
        <translation>Des Fensters, ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Of these, those of which something else is shown than the model said</source>
        <translation>Von diesen nur die, bei denen etwas anderes gezeigt wird, als das Modell sagte</translation>
    </message>
    <message>
        <source>Of these, those of which the model said something else than is true</source>
        <translation>Von diesen nur die, bei denen das Modell etwas anderes sagte, als stimmt</translation>
    </message>
    <message>
        <source>Of these, those with a mask</source>
        <translation>Von diesen nur die mit Maske</translation>
    </message>
    <message>
        <source>Off: every picture</source>
        <translation>Aus: jedes Bild</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Vor</translation>
    </message>
    <message>
        <source>On the screen, in recordings and in snapshots. A click on a face leaves it out.</source>
        <translation>Auf dem Bildschirm, in Aufnahmen und Fotos. Ein Klick auf ein Gesicht nimmt es aus.</translation>
    </message>
    <message>
        <source>On the screen, not in recordings.</source>
        <translation>Auf dem Bildschirm, nicht in Aufnahmen.</translation>
    </message>
    <message>
        <source>One picture back</source>
        <translation>Ein Bild zurück</translation>
    </message>
    <message>
        <source>One picture on</source>
        <translation>Ein Bild vor</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>Einen Ordner mit Bildern öffnen</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Ein Modell öffnen</translation>
    </message>
    <message>
        <source>Open a stream from a network camera</source>
        <translation>Den Stream einer Netzwerkkamera öffnen</translation>
    </message>
    <message>
        <source>Open address…</source>
        <translation>Adresse öffnen…</translation>
    </message>
    <message>
        <source>Open an address</source>
        <translation>Eine Adresse öffnen</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>Modell öffnen…</translation>
    </message>
    <message>
        <source>Open the folder of example pictures</source>
        <translation>Den Ordner mit den Beispielbildern öffnen</translation>
    </message>
    <message>
        <source>Open the folder of recordings</source>
        <translation>Den Ordner mit den Aufnahmen öffnen</translation>
    </message>
    <message>
        <source>Open videos or pictures</source>
        <translation>Videos oder Bilder öffnen</translation>
    </message>
    <message>
        <source>Open, settings, help</source>
        <translation>Öffnen, Einstellungen, Hilfe</translation>
    </message>
    <message>
        <source>OpenCV, NumPy, PyAV and Pillow bring further libraries, which their own licence files list.</source>
        <translation>OpenCV, NumPy, PyAV und Pillow bringen weitere Bibliotheken mit, die in ihren eigenen Lizenzdateien aufgeführt sind.</translation>
    </message>
    <message>
        <source>Opening was cancelled.</source>
        <translation>Das Öffnen wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Opening {name} …</source>
        <translation>{name} wird geöffnet…</translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation>{name} wird geöffnet…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Other programs see this picture as a camera of this name</source>
        <translation>Andere Programme sehen dieses Bild als Kamera dieses Namens</translation>
    </message>
    <message>
        <source>Other programs see this picture as the camera &apos;{name}&apos;.</source>
        <translation>Andere Programme sehen dieses Bild als Kamera „{name}“.</translation>
    </message>
    <message>
        <source>PAUSED</source>
        <translation>PAUSE</translation>
    </message>
    <message>
        <source>PSF 2.0</source>
        <translation>PSF 2.0</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Schwenken</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Pause recording</source>
        <translation>Aufnahme pausieren</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Persons</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Photograph</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Photographs</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Photographs of streets</source>
        <translation>Straßenfotos</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Pictures in a row</source>
        <translation>Bilder hintereinander</translation>
    </message>
    <message>
        <source>Pictures of {name}</source>
        <translation>Bilder von {name}</translation>
    </message>
    <message>
        <source>Pictures shown a second</source>
        <translation>Gezeigte Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Pictures that were left out because they came too fast, or arrived damaged</source>
        <translation>Bilder, die ausgelassen wurden, weil sie zu schnell kamen oder beschädigt waren</translation>
    </message>
    <message>
        <source>Pixelated</source>
        <translation>Verpixelt</translation>
    </message>
    <message>
        <source>Place in the video</source>
        <translation>Stelle im Video</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>Noch einmal abspielen</translation>
    </message>
    <message>
        <source>Play the video faster, up to four times</source>
        <translation>Das Video schneller abspielen, bis zum Vierfachen</translation>
    </message>
    <message>
        <source>Play the video over and over</source>
        <translation>Das Video immer wieder von vorn abspielen</translation>
    </message>
    <message>
        <source>Play the video slower, down to a quarter</source>
        <translation>Das Video langsamer abspielen, bis zu einem Viertel</translation>
    </message>
    <message>
        <source>Press Space to start again.</source>
        <translation>Die Leertaste startet es wieder.</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>REC</source>
        <translation>REC</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Record so seldom, and play 30 pictures a second. Without sound.</source>
        <translation>So selten aufnehmen und mit 30 Bildern pro Sekunde abspielen. Ohne Ton.</translation>
    </message>
    <message>
        <source>Record what you see, with its labels; press again to stop</source>
        <translation>Aufnehmen, was zu sehen ist, samt Beschriftungen; erneut drücken zum Beenden</translation>
    </message>
    <message>
        <source>Recorded {time}: {name}</source>
        <translation>{time} aufgenommen: {name}</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Recording in {seconds}</source>
        <translation>Aufnahme in {seconds}</translation>
    </message>
    <message>
        <source>Recording stopped: {reason}. What was recorded until then is in &apos;{path}&apos;</source>
        <translation>Die Aufnahme wurde beendet: {reason}. Das bis dahin Aufgenommene ist in „{path}“</translation>
    </message>
    <message>
        <source>Recording to &apos;{path}&apos; stopped: {reason}. It is lost</source>
        <translation>Die Aufnahme in „{path}“ wurde beendet: {reason}. Sie ist verloren</translation>
    </message>
    <message>
        <source>Recording. {text}</source>
        <translation>Aufnahme läuft. {text}</translation>
    </message>
    <message>
        <source>Recordings go to</source>
        <translation>Ordner für Aufnahmen</translation>
    </message>
    <message>
        <source>Red balance</source>
        <translation>Rotabgleich</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message numerus="yes">
        <source>Remove the class {name} and delete its %n picture(s)?</source>
        <translation>
            <numerusform>Die Klasse {name} entfernen und ihr %n Bild löschen?</numerusform>
            <numerusform>Die Klasse {name} entfernen und ihre %n Bilder löschen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove this class…</source>
        <translation>Diese Klasse entfernen…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>Return plays, F2 renames, Delete moves to the trash</source>
        <translation>Return spielt ab, F2 benennt um, Entf verschiebt in den Papierkorb</translation>
    </message>
    <message>
        <source>Right and wrong</source>
        <translation>Richtig und falsch</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <source>Save it as a JPEG or PNG picture.</source>
        <translation>Als JPEG- oder PNG-Bild speichern.</translation>
    </message>
    <message>
        <source>Save the model</source>
        <translation>Modell speichern</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>Gespeichert: {name}</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <source>Say &apos;no mask&apos; as well</source>
        <translation>Auch „keine Maske“ anzeigen</translation>
    </message>
    <message>
        <source>Say that the largest face is &apos;{label}&apos;</source>
        <translation>Das größte Gesicht mit „{label}“ beschriften</translation>
    </message>
    <message>
        <source>Say that the selected box holds no face</source>
        <translation>Sagen, dass im ausgewählten Rahmen kein Gesicht ist</translation>
    </message>
    <message>
        <source>Say what is true; kept in labels.csv beside the pictures</source>
        <translation>Sagen, was stimmt; wird in labels.csv neben den Bildern gespeichert</translation>
    </message>
    <message>
        <source>Say who wears a mask</source>
        <translation>Anzeigen, wer eine Maske trägt</translation>
    </message>
    <message>
        <source>See it closer; the wheel does the same at the mouse</source>
        <translation>Näher heran; das Mausrad tut dasselbe an der Stelle des Zeigers</translation>
    </message>
    <message>
        <source>See more of the photograph</source>
        <translation>Mehr vom Foto sehen</translation>
    </message>
    <message>
        <source>See more of the picture</source>
        <translation>Mehr vom Bild sehen</translation>
    </message>
    <message>
        <source>See the whole photograph</source>
        <translation>Das ganze Foto sehen</translation>
    </message>
    <message>
        <source>Select the next face of the photograph</source>
        <translation>Das nächste Gesicht des Fotos auswählen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings cannot be kept in &apos;{folder}&apos; ({reason}). They hold until you close the window.</source>
        <translation>In „{folder}“ lassen sich keine Einstellungen speichern ({reason}). Sie gelten, bis das Fenster geschlossen wird.</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Several snapshots</source>
        <translation>Mehrere Fotos</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show faces, labels, masks, rate and latency of the last minute, and how many faces there were</source>
        <translation>Gesichter, Beschriftungen, Masken, Bildrate und Verzögerung der letzten Minute zeigen, und wie viele Gesichter es gab</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Show masks</source>
        <translation>Masken anzeigen</translation>
    </message>
    <message>
        <source>Show or hide the last recordings and snapshots below the picture</source>
        <translation>Die letzten Aufnahmen und Fotos unter dem Bild zeigen oder ausblenden</translation>
    </message>
    <message>
        <source>Show recordings</source>
        <translation>Aufnahmen zeigen</translation>
    </message>
    <message>
        <source>Show the charts as tables</source>
        <translation>Die Diagramme als Tabellen zeigen</translation>
    </message>
    <message>
        <source>Show the clip that comes with the application</source>
        <translation>Das mitgelieferte Video zeigen</translation>
    </message>
    <message>
        <source>Show the next photograph</source>
        <translation>Das nächste Foto zeigen</translation>
    </message>
    <message>
        <source>Show the photograph before</source>
        <translation>Das vorige Foto zeigen</translation>
    </message>
    <message>
        <source>Show the photograph large, with its faces</source>
        <translation>Das Foto groß zeigen, mit seinen Gesichtern</translation>
    </message>
    <message>
        <source>Show the picture after this one</source>
        <translation>Das Bild nach diesem zeigen</translation>
    </message>
    <message>
        <source>Show the picture as a mirror would; text stays readable</source>
        <translation>Das Bild wie in einem Spiegel zeigen; Schrift bleibt lesbar</translation>
    </message>
    <message>
        <source>Show the picture before this one</source>
        <translation>Das Bild vor diesem zeigen</translation>
    </message>
    <message>
        <source>Show the whole picture again</source>
        <translation>Wieder das ganze Bild zeigen</translation>
    </message>
    <message>
        <source>Show track numbers</source>
        <translation>Spurnummern anzeigen</translation>
    </message>
    <message>
        <source>Size and rate</source>
        <translation>Größe und Bildrate</translation>
    </message>
    <message>
        <source>Size and rate that were obtained</source>
        <translation>Größe und Bildrate, wie sie geliefert werden</translation>
    </message>
    <message>
        <source>Size and rate that were obtained; choose another</source>
        <translation>Größe und Bildrate, wie sie geliefert werden; hier andere wählen</translation>
    </message>
    <message>
        <source>Size of the labels</source>
        <translation>Größe der Beschriftung</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>Langsamer</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Kleiner</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Snapshot in {seconds}</source>
        <translation>Foto in {seconds}</translation>
    </message>
    <message>
        <source>Snapshot with labels</source>
        <translation>Foto mit Beschriftungen</translation>
    </message>
    <message>
        <source>Snapshot without labels</source>
        <translation>Foto ohne Beschriftungen</translation>
    </message>
    <message>
        <source>Snapshot: {name}</source>
        <translation>Foto gespeichert: {name}</translation>
    </message>
    <message>
        <source>Snapshots</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Snapshots go to</source>
        <translation>Ordner für Fotos</translation>
    </message>
    <message>
        <source>Something went wrong in this window, which goes on: {reason}</source>
        <translation>In diesem Fenster ist etwas schiefgegangen, es läuft aber weiter: {reason}</translation>
    </message>
    <message>
        <source>Something went wrong: {reason}.</source>
        <translation>Etwas ist schiefgegangen: {reason}.</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Sound needs PortAudio, which is not installed. On Debian or Ubuntu: sudo apt-get install libportaudio2. The picture is recorded without sound.</source>
        <translation>Für den Ton fehlt PortAudio. Unter Debian oder Ubuntu: sudo apt-get install libportaudio2. Das Bild wird ohne Ton aufgenommen.</translation>
    </message>
    <message>
        <source>Southeast Asian</source>
        <comment>group</comment>
        <translation>südostasiatisch</translation>
    </message>
    <message>
        <source>Speed: {speed}</source>
        <translation>Geschwindigkeit: {speed}</translation>
    </message>
    <message>
        <source>Stands on</source>
        <translation>Beruht auf</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Start or stop the picture; pause a video or go on</source>
        <translation>Das Bild starten oder stoppen; ein Video anhalten oder fortsetzen</translation>
    </message>
    <message>
        <source>Start the camera, or drop pictures on a class.</source>
        <translation>Die Kamera starten oder Bilder auf eine Klasse ziehen.</translation>
    </message>
    <message>
        <source>Start the picture</source>
        <translation>Das Bild starten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop labelling; what is done stays, and it can go on</source>
        <translation>Das Beschriften abbrechen; was fertig ist, bleibt, und es kann weitergehen</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Stop the picture and let the source go; a recording is finished first</source>
        <translation>Das Bild stoppen und die Quelle freigeben; eine Aufnahme wird vorher beendet</translation>
    </message>
    <message>
        <source>Stop writing, and keep what is there as a video</source>
        <translation>Nicht weiterschreiben und das Vorhandene als Video behalten</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Gestoppt</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>Tabellen</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Take pictures of the class of that number</source>
        <translation>Bilder für die Klasse mit dieser Nummer aufnehmen</translation>
    </message>
    <message>
        <source>Take your last correction back</source>
        <translation>Die letzte Korrektur zurücknehmen</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Taught models</source>
        <translation>Angelernte Modelle</translation>
    </message>
    <message>
        <source>Teach</source>
        <translation>Anlernen</translation>
    </message>
    <message>
        <source>Teach a model with these pictures</source>
        <translation>Mit diesen Bildern ein Modell anlernen</translation>
    </message>
    <message>
        <source>Teach classes of your own by examples</source>
        <translation>Eigene Klassen durch Beispiele anlernen</translation>
    </message>
    <message>
        <source>Teach…</source>
        <translation>Anlernen…</translation>
    </message>
    <message>
        <source>That is how the network perceives this face, over all it has seen of it; it does not know who someone is.</source>
        <translation>So nimmt das Netz dieses Gesicht wahr, über alles, was es davon gesehen hat; wer jemand ist, weiß es nicht.</translation>
    </message>
    <message>
        <source>The camera does not let this be set now</source>
        <translation>Die Kamera lässt das jetzt nicht einstellen</translation>
    </message>
    <message>
        <source>The camera gave {rate} pictures a second, not {promised}: more light often helps</source>
        <translation>Die Kamera lieferte {rate} Bilder pro Sekunde statt {promised}: mehr Licht hilft oft</translation>
    </message>
    <message>
        <source>The camera sets this by itself now</source>
        <translation>Die Kamera stellt das jetzt selbst ein</translation>
    </message>
    <message>
        <source>The camera {camera} cannot be asked what can be set: {reason}.</source>
        <translation>Die Kamera {camera} sagt nicht, was sich einstellen lässt: {reason}.</translation>
    </message>
    <message>
        <source>The camera {camera} cannot be opened: {reason}. Plug it in again.</source>
        <translation>Die Kamera {camera} lässt sich nicht öffnen: {reason}. Bitte neu anschließen.</translation>
    </message>
    <message>
        <source>The camera {camera} could not be started. Plug it in again, or choose another.</source>
        <translation>Die Kamera {camera} ließ sich nicht starten. Neu anschließen oder eine andere wählen.</translation>
    </message>
    <message>
        <source>The camera {camera} delivers only damaged pictures. Plug it in again, or choose another.</source>
        <translation>Die Kamera {camera} liefert nur beschädigte Bilder. Neu anschließen oder eine andere wählen.</translation>
    </message>
    <message>
        <source>The camera {camera} did not take {controls}. Choose another value, or plug it in again.</source>
        <translation>Die Kamera {camera} hat {controls} nicht angenommen. Einen anderen Wert wählen oder die Kamera neu anschließen.</translation>
    </message>
    <message>
        <source>The camera {camera} does not answer: {reason}. Plug it in again.</source>
        <translation>Die Kamera {camera} antwortet nicht: {reason}. Bitte neu anschließen.</translation>
    </message>
    <message>
        <source>The camera {camera} is in use by another program. {help}</source>
        <translation>Die Kamera {camera} wird von einem anderen Programm benutzt. {help}</translation>
    </message>
    <message>
        <source>The camera {camera} is not there any more. Plug it in again.</source>
        <translation>Die Kamera {camera} ist nicht mehr da. Bitte wieder anschließen.</translation>
    </message>
    <message>
        <source>The camera {camera} is the virtual one that shows this very picture. Choose another camera, or turn the virtual camera off.</source>
        <translation>Die Kamera {camera} ist die virtuelle, die genau dieses Bild zeigt. Eine andere Kamera wählen oder die virtuelle Kamera ausschalten.</translation>
    </message>
    <message>
        <source>The camera {camera} stopped delivering. Plug it in again if it stays so.</source>
        <translation>Die Kamera {camera} liefert nichts mehr. Wenn es so bleibt, neu anschließen.</translation>
    </message>
    <message>
        <source>The camera {camera} was unplugged or switched off. Plug it in again.</source>
        <translation>Die Kamera {camera} wurde getrennt oder ausgeschaltet. Bitte wieder anschließen.</translation>
    </message>
    <message>
        <source>The camera {name} is there now.</source>
        <translation>Die Kamera {name} ist jetzt da.</translation>
    </message>
    <message>
        <source>The classes are people</source>
        <translation>Die Klassen sind Menschen</translation>
    </message>
    <message>
        <source>The connection to {name} broke ({reason}).</source>
        <translation>Die Verbindung zu {name} ist abgebrochen ({reason}).</translation>
    </message>
    <message>
        <source>The copy &apos;{name}&apos; is there, {length} long.</source>
        <translation>Die Kopie „{name}“ ist fertig, Länge {length}.</translation>
    </message>
    <message>
        <source>The copy could not be written: {reason}.</source>
        <translation>Die Kopie ließ sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <source>The copy was stopped before its first picture.</source>
        <translation>Die Kopie wurde vor ihrem ersten Bild beendet.</translation>
    </message>
    <message>
        <source>The copy was stopped: &apos;{name}&apos; has the first {length}.</source>
        <translation>Die Kopie wurde beendet: „{name}“ enthält die ersten {length}.</translation>
    </message>
    <message>
        <source>The end</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>The examples in {folder} cannot be read: {reason}.</source>
        <translation>Die Beispiele in {folder} sind nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The face that was followed is gone: let go, and hold again.</source>
        <translation>Das verfolgte Gesicht ist weg: loslassen und erneut halten.</translation>
    </message>
    <message>
        <source>The file {file} does not exist.</source>
        <translation>Die Datei {file} gibt es nicht.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be made: {reason}.</source>
        <translation>Der Ordner {folder} lässt sich nicht anlegen: {reason}.</translation>
    </message>
    <message>
        <source>The folder {folder} holds no pictures.</source>
        <translation>Der Ordner {folder} enthält keine Bilder.</translation>
    </message>
    <message>
        <source>The folder {folder} is not empty. Choose a new one.</source>
        <translation>Der Ordner {folder} ist nicht leer. Bitte einen neuen wählen.</translation>
    </message>
    <message>
        <source>The folder {folder} may not be read by this user.</source>
        <translation>Für den Ordner {folder} fehlt das Leserecht.</translation>
    </message>
    <message>
        <source>The last 60 seconds, a line every 10 seconds; nothing where there was no picture</source>
        <translation>Die letzten 60 Sekunden, alle 10 Sekunden eine Linie; nichts, wo kein Bild war</translation>
    </message>
    <message>
        <source>The microphone failed: {reason}. It is heard again once it is back.</source>
        <translation>Das Mikrofon ist ausgefallen: {reason}. Es wird wieder gehört, sobald es wieder da ist.</translation>
    </message>
    <message>
        <source>The microphone {name} cannot be opened ({reason}). Is another program using it?</source>
        <translation>Das Mikrofon {name} lässt sich nicht öffnen ({reason}). Benutzt es ein anderes Programm?</translation>
    </message>
    <message>
        <source>The microphone {name} is not plugged in. Plug it in, or choose another.</source>
        <translation>Das Mikrofon {name} ist nicht angeschlossen. Anschließen oder ein anderes wählen.</translation>
    </message>
    <message>
        <source>The microphone {name} stopped delivering sound.</source>
        <translation>Das Mikrofon {name} liefert keinen Ton mehr.</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>Das Modell</translation>
    </message>
    <message>
        <source>The model is still being loaded.</source>
        <translation>Das Modell wird noch geladen.</translation>
    </message>
    <message>
        <source>The model is unsure of none of these.</source>
        <translation>Bei keinem von diesen ist das Modell unsicher.</translation>
    </message>
    <message>
        <source>The model that was opened last cannot be used, the built-in one labels: {problem}</source>
        <translation>Das zuletzt geöffnete Modell ist nicht verwendbar, das mitgelieferte springt ein: {problem}</translation>
    </message>
    <message>
        <source>The model {name} was not taken, the one before goes on: {problem}</source>
        <translation>Das Modell {name} wurde nicht übernommen, das bisherige gilt weiter: {problem}</translation>
    </message>
    <message>
        <source>The name has characters that no file name can have.</source>
        <translation>Der Name hat Zeichen, die in keinem Dateinamen stehen können.</translation>
    </message>
    <message>
        <source>The network has not seen enough of this face yet.</source>
        <translation>Das Netz hat von diesem Gesicht noch nicht genug gesehen.</translation>
    </message>
    <message>
        <source>The number that stays with a face while it is followed.</source>
        <translation>Die Nummer, die ein Gesicht behält, solange es verfolgt wird.</translation>
    </message>
    <message>
        <source>The oldest {count} are in its totals only.</source>
        <translation>Die ältesten {count} stehen nur in den Summen.</translation>
    </message>
    <message>
        <source>The percentage is how sure the network is, over all it has seen of this face so far. Where it is not sure enough, the face is called &lt;b&gt;unsure&lt;/b&gt;. Do not decide anything about anybody by these labels.</source>
        <translation>Die Prozentzahl sagt, wie sicher sich das Netz ist, über alles, was es von diesem Gesicht bisher gesehen hat. Wo es nicht sicher genug ist, steht &lt;b&gt;unsicher&lt;/b&gt;. Bitte nach diesen Beschriftungen nichts über einen Menschen entscheiden.</translation>
    </message>
    <message>
        <source>The picture goes on without labels: {problem}</source>
        <translation>Das Bild läuft ohne Beschriftungen weiter: {problem}</translation>
    </message>
    <message>
        <source>The picture is live again</source>
        <translation>Das Bild ist wieder live</translation>
    </message>
    <message>
        <source>The picture stands still</source>
        <translation>Das Bild steht still</translation>
    </message>
    <message>
        <source>The picture stands still; the recording goes on live</source>
        <translation>Das Bild steht still; die Aufnahme läuft live weiter</translation>
    </message>
    <message>
        <source>The picture that was written last</source>
        <translation>Das zuletzt geschriebene Bild</translation>
    </message>
    <message>
        <source>The pictures are deleted, but something else is in {folder}, which stays: {reason}.</source>
        <translation>Die Bilder sind gelöscht, aber in {folder} liegt noch anderes; der Ordner bleibt: {reason}.</translation>
    </message>
    <message>
        <source>The pictures cannot be copied to {folder}: {reason}.</source>
        <translation>Die Bilder lassen sich nicht nach {folder} kopieren: {reason}.</translation>
    </message>
    <message>
        <source>The pictures in {folder} cannot be read: {reason}</source>
        <translation>Die Bilder in {folder} sind nicht lesbar: {reason}</translation>
    </message>
    <message>
        <source>The process that wrote the copy was ended. Nothing is left of it.</source>
        <translation>Der Prozess, der die Kopie schrieb, wurde beendet. Von ihr ist nichts geblieben.</translation>
    </message>
    <message>
        <source>The program is closing; nothing was recorded.</source>
        <translation>Das Programm wird beendet; es wurde nichts aufgenommen.</translation>
    </message>
    <message>
        <source>The program itself is free software under the MIT licence and may be passed on alone by its terms. &lt;b&gt;Together with PyQt5&lt;/b&gt;, as in an installer, an image or a container, it may be passed on by the terms of the &lt;b&gt;GNU General Public License, version 3&lt;/b&gt;, only, unless a licence of PyQt5 was bought: with the source of the whole, under the same licence. FFmpeg with x264 and x265 asks for the same. Whoever only uses the application has nothing to do. In some countries H.264 is covered by patents, about which these licences say nothing.</source>
        <translation>Das Programm selbst ist freie Software unter der MIT-Lizenz und darf für sich allein zu deren Bedingungen weitergegeben werden. &lt;b&gt;Zusammen mit PyQt5&lt;/b&gt;, etwa in einem Installationsprogramm, einem Abbild oder einem Container, darf es nur zu den Bedingungen der &lt;b&gt;GNU General Public License, Version 3&lt;/b&gt;, weitergegeben werden, sofern keine Lizenz für PyQt5 gekauft wurde: mit dem Quelltext des Ganzen, unter derselben Lizenz. FFmpeg mit x264 und x265 verlangt dasselbe. Wer das Programm nur benutzt, muss nichts tun. In manchen Ländern ist H.264 durch Patente geschützt, über die diese Lizenzen nichts sagen.</translation>
    </message>
    <message>
        <source>The recording goes on without sound: {problem}.</source>
        <translation>Die Aufnahme läuft ohne Ton weiter: {problem}.</translation>
    </message>
    <message>
        <source>The recording stopped: {reason}.</source>
        <translation>Die Aufnahme wurde beendet: {reason}.</translation>
    </message>
    <message>
        <source>The same for videos, pictures and network streams.</source>
        <translation>Dasselbe für Videos, Bilder und Netzwerkstreams.</translation>
    </message>
    <message>
        <source>The sentences of the model&apos;s card are in English.</source>
        <translation>Die Sätze aus der Karte des Modells gibt es nur auf Englisch.</translation>
    </message>
    <message>
        <source>The settings in &apos;{path}&apos; are not used: {reason}. Defaults hold; the old file is kept.</source>
        <translation>Die Einstellungen in „{path}“ werden nicht verwendet: {reason}. Es gelten die Voreinstellungen; die alte Datei bleibt erhalten.</translation>
    </message>
    <message>
        <source>The source failed: {reason}. Try again, or choose another.</source>
        <translation>Die Quelle ist ausgefallen: {reason}. Erneut versuchen oder eine andere wählen.</translation>
    </message>
    <message>
        <source>The system&apos;s sound does not work. The picture is recorded without sound</source>
        <translation>Der Ton des Systems funktioniert nicht. Das Bild wird ohne Ton aufgenommen</translation>
    </message>
    <message>
        <source>The virtual camera has stopped: {reason}. Start it again.</source>
        <translation>Die virtuelle Kamera ist ausgefallen: {reason}. Bitte erneut starten.</translation>
    </message>
    <message>
        <source>The virtual camera needs the package pyvirtualcam: {command}</source>
        <translation>Für die virtuelle Kamera fehlt das Paket pyvirtualcam: {command}</translation>
    </message>
    <message>
        <source>The virtual camera {camera} ({device}) cannot be opened: {reason}.</source>
        <translation>Die virtuelle Kamera {camera} ({device}) lässt sich nicht öffnen: {reason}.</translation>
    </message>
    <message>
        <source>The virtual camera {camera} ({device}) is gone. {command}</source>
        <translation>Die virtuelle Kamera {camera} ({device}) ist weg. {command}</translation>
    </message>
    <message>
        <source>The virtual camera {camera} is in use by another program. Close that program, or turn its virtual camera off.</source>
        <translation>Die virtuelle Kamera {camera} wird von einem anderen Programm benutzt. Dieses Programm schließen oder seine virtuelle Kamera ausschalten.</translation>
    </message>
    <message>
        <source>The virtual camera {camera} takes no more pictures: {reason}. Start it again.</source>
        <translation>Die virtuelle Kamera {camera} nimmt keine Bilder mehr an: {reason}. Bitte erneut starten.</translation>
    </message>
    <message>
        <source>The whole picture is shown</source>
        <translation>Das ganze Bild ist zu sehen</translation>
    </message>
    <message>
        <source>Then the model recognises persons. Each of them must have agreed to that.</source>
        <translation>Dann erkennt das Modell Personen wieder. Jede von ihnen muss dem zugestimmt haben.</translation>
    </message>
    <message>
        <source>There are no pictures in it. Open another folder.</source>
        <translation>Darin sind keine Bilder. Bitte einen anderen Ordner öffnen.</translation>
    </message>
    <message>
        <source>There is a class &apos;{name}&apos; already: give this one another name.</source>
        <translation>Eine Klasse „{name}“ gibt es schon: dieser einen anderen Namen geben.</translation>
    </message>
    <message>
        <source>There is a file &apos;{name}&apos; already: choose another name.</source>
        <translation>Eine Datei „{name}“ gibt es schon: einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>There is no camera &apos;{camera}&apos;. Cameras here: {cameras}.</source>
        <translation>Eine Kamera „{camera}“ gibt es nicht. Vorhandene Kameras: {cameras}.</translation>
    </message>
    <message>
        <source>There is no camera, file or folder &apos;{name}&apos;. Give the path of a file or folder, an address such as rtsp://192.168.1.20/stream, or plug a camera in.</source>
        <translation>Eine Kamera, Datei oder einen Ordner „{name}“ gibt es nicht. Den Pfad einer Datei oder eines Ordners angeben, eine Adresse wie rtsp://192.168.1.20/stream, oder eine Kamera anschließen.</translation>
    </message>
    <message>
        <source>There is no picture in {folder}.</source>
        <translation>In {folder} ist kein Bild.</translation>
    </message>
    <message>
        <source>There is no picture to keep yet. Start a camera or open a file first.</source>
        <translation>Es gibt noch kein Bild zum Speichern. Zuerst eine Kamera starten oder eine Datei öffnen.</translation>
    </message>
    <message>
        <source>There is no picture to record. Start a camera or open a file first.</source>
        <translation>Es gibt kein Bild zum Aufnehmen. Zuerst eine Kamera starten oder eine Datei öffnen.</translation>
    </message>
    <message>
        <source>There is no recording to pause.</source>
        <translation>Es gibt keine Aufnahme, die pausieren könnte.</translation>
    </message>
    <message>
        <source>There is no recording to stop.</source>
        <translation>Es gibt keine Aufnahme zu beenden.</translation>
    </message>
    <message>
        <source>There is no virtual camera on this computer. Install OBS, and start its virtual camera once</source>
        <translation>Auf diesem Rechner gibt es keine virtuelle Kamera. OBS installieren und dessen virtuelle Kamera einmal starten</translation>
    </message>
    <message>
        <source>There is no virtual camera on this computer. Install OBS, and start its virtual camera once ({reason}).</source>
        <translation>Auf diesem Rechner gibt es keine virtuelle Kamera. OBS installieren und dessen virtuelle Kamera einmal starten ({reason}).</translation>
    </message>
    <message>
        <source>There is no virtual camera on this computer. Install v4l2loopback (Debian and Ubuntu: sudo apt install v4l2loopback-dkms), then: {command}</source>
        <translation>Auf diesem Rechner gibt es keine virtuelle Kamera. v4l2loopback installieren (Debian und Ubuntu: sudo apt install v4l2loopback-dkms), dann: {command}</translation>
    </message>
    <message>
        <source>There is not enough memory for the copy: close other programs.</source>
        <translation>Für die Kopie reicht der Speicher nicht: andere Programme schließen.</translation>
    </message>
    <message>
        <source>There is nothing at {name} (404). Check the address.</source>
        <translation>Unter {name} ist nichts (404). Bitte die Adresse prüfen.</translation>
    </message>
    <message>
        <source>There is nothing at {name} ({status}). Check the address.</source>
        <translation>Unter {name} ist nichts ({status}). Bitte die Adresse prüfen.</translation>
    </message>
    <message>
        <source>This camera has nothing that can be set from here.</source>
        <translation>An dieser Kamera lässt sich von hier aus nichts einstellen.</translation>
    </message>
    <message>
        <source>This class was removed meanwhile.</source>
        <translation>Diese Klasse wurde inzwischen entfernt.</translation>
    </message>
    <message>
        <source>This is the demo clip: two women, whatever the network makes of them.</source>
        <translation>Das ist das Demovideo: zwei Frauen, was auch immer das Netz aus ihnen macht.</translation>
    </message>
    <message>
        <source>Those that could not be read</source>
        <translation>Die nicht lesbaren</translation>
    </message>
    <message>
        <source>Those with a face that is labelled &apos;{label}&apos;</source>
        <translation>Die mit einem Gesicht, das mit „{label}“ beschriftet ist</translation>
    </message>
    <message>
        <source>Those with a face that the model is unsure of</source>
        <translation>Die mit einem Gesicht, bei dem das Modell unsicher ist</translation>
    </message>
    <message>
        <source>Those without a face</source>
        <translation>Die ohne Gesicht</translation>
    </message>
    <message>
        <source>Tilt</source>
        <translation>Neigen</translation>
    </message>
    <message>
        <source>Time between them</source>
        <translation>Zeit dazwischen</translation>
    </message>
    <message>
        <source>Time by hand</source>
        <translation>Zeit von Hand</translation>
    </message>
    <message>
        <source>Time-lapse</source>
        <translation>Zeitraffer</translation>
    </message>
    <message>
        <source>To the beginning</source>
        <translation>Zum Anfang</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>Zum Ende</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Training…</source>
        <translation>Training läuft…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Versions, system, settings and the last messages, without names, paths and addresses</source>
        <translation>Versionen, System, Einstellungen und die letzten Meldungen, ohne Namen, Pfade und Adressen</translation>
    </message>
    <message>
        <source>Videos (*.mp4 *.mov *.mkv)</source>
        <translation>Videos (*.mp4 *.mov *.mkv)</translation>
    </message>
    <message>
        <source>Videos and pictures</source>
        <translation>Videos und Bilder</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>Virtuelle Kamera</translation>
    </message>
    <message>
        <source>Waiting for the picture…</source>
        <translation>Warten auf das Bild…</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Was soll geschehen?</translation>
    </message>
    <message>
        <source>What fits</source>
        <translation>Was passt</translation>
    </message>
    <message>
        <source>What happens to the pictures</source>
        <translation>Was mit den Bildern geschieht</translation>
    </message>
    <message>
        <source>What it hears is recorded with the picture. None until you choose one.</source>
        <translation>Was es hört, wird mit dem Bild aufgenommen. Ohne Ton, bis eines gewählt ist.</translation>
    </message>
    <message>
        <source>What it is bad at</source>
        <translation>Was es schlecht kann</translation>
    </message>
    <message>
        <source>What it is for</source>
        <translation>Wofür es gedacht ist</translation>
    </message>
    <message>
        <source>What it is not for</source>
        <translation>Wofür es nicht gedacht ist</translation>
    </message>
    <message>
        <source>What it learned from</source>
        <translation>Woraus es gelernt hat</translation>
    </message>
    <message>
        <source>What labels mean</source>
        <translation>Was Beschriftungen bedeuten</translation>
    </message>
    <message>
        <source>What the labels mean</source>
        <translation>Was die Beschriftungen bedeuten</translation>
    </message>
    <message>
        <source>What the labels mean and what they cannot tell; licences</source>
        <translation>Was die Beschriftungen bedeuten und was sie nicht sagen können; Lizenzen</translation>
    </message>
    <message>
        <source>What the labels mean, whom the model is right about and how often</source>
        <translation>Was die Beschriftungen bedeuten, bei wem das Modell richtig liegt und wie oft</translation>
    </message>
    <message>
        <source>What to look at: a camera, a file, a folder of pictures, a stream</source>
        <translation>Was zu sehen sein soll: eine Kamera, eine Datei, ein Ordner mit Bildern, ein Stream</translation>
    </message>
    <message>
        <source>What was recorded before is kept: {path} ({time}).</source>
        <translation>Das zuvor Aufgenommene bleibt erhalten: {path} ({time}).</translation>
    </message>
    <message>
        <source>What would help</source>
        <translation>Was helfen würde</translation>
    </message>
    <message>
        <source>Where a face wears none.</source>
        <translation>Wo ein Gesicht keine trägt.</translation>
    </message>
    <message>
        <source>Whether a face wears one, and how many do.</source>
        <translation>Ob ein Gesicht eine trägt, und wie viele es sind.</translation>
    </message>
    <message>
        <source>Which picture of the folder is shown</source>
        <translation>Welches Bild des Ordners gezeigt wird</translation>
    </message>
    <message>
        <source>While recording: leave out what comes, and go on in the same file</source>
        <translation>Während der Aufnahme: auslassen, was kommt, und in derselben Datei fortfahren</translation>
    </message>
    <message>
        <source>While you hold it, pictures are taken of the face in the middle, whenever it looks different</source>
        <translation>Solange sie gehalten wird, werden Bilder vom Gesicht in der Mitte aufgenommen, wann immer es anders aussieht</translation>
    </message>
    <message>
        <source>White</source>
        <comment>group</comment>
        <translation>weiß</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>Weißabgleich</translation>
    </message>
    <message>
        <source>Whole</source>
        <translation>Ganz</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>With a mask: {count}</source>
        <translation>Mit Maske: {count}</translation>
    </message>
    <message>
        <source>Write a copy of the video with boxes and labels, or with covered faces, in the background</source>
        <translation>Im Hintergrund eine Kopie des Videos mit Rahmen und Beschriftungen oder mit verdeckten Gesichtern schreiben</translation>
    </message>
    <message>
        <source>Write a table of the faces since the start: label, mask, when first and last seen</source>
        <translation>Eine Tabelle der Gesichter seit dem Start schreiben: Beschriftung, Maske, wann zuerst und zuletzt gesehen</translation>
    </message>
    <message>
        <source>Write copies with boxes and labels into a folder</source>
        <translation>Kopien mit Rahmen und Beschriftungen in einen Ordner schreiben</translation>
    </message>
    <message>
        <source>Write what was found as a table</source>
        <translation>Die Ergebnisse als Tabelle schreiben</translation>
    </message>
    <message>
        <source>Wrong first</source>
        <translation>Falsche zuerst</translation>
    </message>
    <message>
        <source>Wrong? Add examples of that, and train again.</source>
        <translation>Falsch? Beispiele davon hinzufügen und erneut trainieren.</translation>
    </message>
    <message>
        <source>You are not allowed to use the camera {camera}. {help}</source>
        <translation>Für die Kamera {camera} fehlt die Berechtigung. {help}</translation>
    </message>
    <message>
        <source>You are not allowed to use the virtual camera {camera}. {help}</source>
        <translation>Für die virtuelle Kamera {camera} fehlt die Berechtigung. {help}</translation>
    </message>
    <message>
        <source>Your labels are not kept: {problem}</source>
        <translation>Die vergebenen Beschriftungen werden nicht gespeichert: {problem}</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom of the lens</source>
        <translation>Zoom des Objektivs</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Zoomed in: show another part of the picture</source>
        <translation>Vergrößert: einen anderen Teil des Bildes zeigen</translation>
    </message>
    <message>
        <source>a class cannot be called &apos;{name}&apos;, which faces unlike all examples are: rename it</source>
        <translation>eine Klasse kann nicht „{name}“ heißen, so heißen Gesichter, die keinem Beispiel gleichen: sie umbenennen</translation>
    </message>
    <message>
        <source>age</source>
        <comment>group</comment>
        <translation>Alter</translation>
    </message>
    <message>
        <source>all</source>
        <comment>label</comment>
        <translation>alle</translation>
    </message>
    <message>
        <source>all pictures are of one take, so that tests say little: {classes}; take more in another light, at another place, on another day</source>
        <translation>alle Bilder sind aus einer Aufnahme, sodass Tests wenig sagen: {classes}; mehr bei anderem Licht, an einem anderen Ort, an einem anderen Tag aufnehmen</translation>
    </message>
    <message>
        <source>arrays</source>
        <translation>Zahlenfelder</translation>
    </message>
    <message>
        <source>bare</source>
        <comment>group</comment>
        <translation>ohne Maske</translation>
    </message>
    <message>
        <source>bare</source>
        <comment>label</comment>
        <translation>ohne Maske</translation>
    </message>
    <message>
        <source>below {share}</source>
        <translation>unter {share}</translation>
    </message>
    <message>
        <source>cameras, cascades</source>
        <translation>Kameras, Kaskaden</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>class</source>
        <comment>group</comment>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>classes are heavily out of balance, from {most} {larger} to {least} {smaller}: each counts the same in teaching, so that the small ones are found, at the cost of the large ones; more pictures of the small ones help most</source>
        <translation>die Klassen sind sehr ungleich groß, von {most} {larger} bis {least} {smaller}: beim Beibringen zählt jede gleich viel, damit die kleinen gefunden werden, auf Kosten der großen; mehr Bilder der kleinen helfen am meisten</translation>
    </message>
    <message>
        <source>connects the two</source>
        <translation>verbindet die beiden</translation>
    </message>
    <message>
        <source>corrected</source>
        <translation>korrigiert</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>a day of a month, as Qt writes patterns</comment>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>damaged: detail is missing</source>
        <translation>beschädigt: Einzelheiten fehlen</translation>
    </message>
    <message>
        <source>damaged: its last bytes are missing</source>
        <translation>beschädigt: die letzten Bytes fehlen</translation>
    </message>
    <message>
        <source>damaged: the {side} {share} % are missing</source>
        <translation>beschädigt: {share}&#xa0;% fehlen ({side})</translation>
    </message>
    <message>
        <source>faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>faces stayed unlabelled in {count} pictures: {reason}</source>
        <translation>Gesichter blieben in {count} Bildern ohne Beschriftung: {reason}</translation>
    </message>
    <message>
        <source>female</source>
        <comment>label</comment>
        <translation>weiblich</translation>
    </message>
    <message>
        <source>gender</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>has a camera without values</source>
        <translation>hat eine Kamera ohne Werte</translation>
    </message>
    <message>
        <source>has characters that no file name can have</source>
        <translation>hat Zeichen, die in keinem Dateinamen stehen können</translation>
    </message>
    <message>
        <source>has no sensible rate</source>
        <translation>hat keine sinnvolle Bildrate</translation>
    </message>
    <message>
        <source>has sound but no pictures</source>
        <translation>hat Ton, aber keine Bilder</translation>
    </message>
    <message>
        <source>how many were right</source>
        <translation>wie viele richtig waren</translation>
    </message>
    <message>
        <source>how sure it was</source>
        <translation>wie sicher es war</translation>
    </message>
    <message>
        <source>in {package} {version}</source>
        <translation>in {package} {version}</translation>
    </message>
    <message>
        <source>is damaged or holds no pictures</source>
        <translation>ist beschädigt oder enthält keine Bilder</translation>
    </message>
    <message>
        <source>is neither true nor false</source>
        <translation>ist weder wahr noch falsch</translation>
    </message>
    <message>
        <source>is no folder</source>
        <translation>ist kein Ordner</translation>
    </message>
    <message>
        <source>is no full path</source>
        <translation>ist kein vollständiger Pfad</translation>
    </message>
    <message>
        <source>is no list of cameras</source>
        <translation>ist keine Liste von Kameras</translation>
    </message>
    <message>
        <source>is no mode</source>
        <translation>ist kein Modus</translation>
    </message>
    <message>
        <source>is no pair of numbers</source>
        <translation>ist kein Zahlenpaar</translation>
    </message>
    <message>
        <source>is no text of sensible length</source>
        <translation>ist kein Text von sinnvoller Länge</translation>
    </message>
    <message>
        <source>is no whole number from {low} to {high}</source>
        <translation>ist keine ganze Zahl von {low} bis {high}</translation>
    </message>
    <message>
        <source>is no width, height and rate</source>
        <translation>ist nicht Breite, Höhe und Bildrate</translation>
    </message>
    <message>
        <source>is none of the choices</source>
        <translation>steht nicht zur Wahl</translation>
    </message>
    <message>
        <source>it cannot be read ({reason})</source>
        <translation>sie ist nicht lesbar ({reason})</translation>
    </message>
    <message>
        <source>it does not say which version it is of</source>
        <translation>sie sagt nicht, von welcher Version sie ist</translation>
    </message>
    <message>
        <source>it is a folder: name a file in it</source>
        <translation>es ist ein Ordner: eine Datei darin angeben</translation>
    </message>
    <message>
        <source>it is damaged (no valid JSON)</source>
        <translation>sie ist beschädigt (kein gültiges JSON)</translation>
    </message>
    <message>
        <source>it is far too large</source>
        <translation>sie ist viel zu groß</translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation>sie ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>es ist keine Datei</translation>
    </message>
    <message>
        <source>it was written by a newer version of this application</source>
        <translation>sie stammt von einer neueren Version dieses Programms</translation>
    </message>
    <message>
        <source>its disk has none that this user may use</source>
        <translation>für den Datenträger gibt es keinen nutzbaren Papierkorb</translation>
    </message>
    <message>
        <source>its own examples, each tested by a model that had not seen it</source>
        <translation>die eigenen Beispiele, jedes von einem Modell geprüft, das es nicht gesehen hatte</translation>
    </message>
    <message>
        <source>keeps NumPy to one thread</source>
        <translation>hält NumPy bei einem Thread</translation>
    </message>
    <message>
        <source>male</source>
        <comment>label</comment>
        <translation>männlich</translation>
    </message>
    <message>
        <source>mask</source>
        <comment>group</comment>
        <translation>Maske</translation>
    </message>
    <message>
        <source>mask</source>
        <comment>label</comment>
        <translation>Maske</translation>
    </message>
    <message>
        <source>masked</source>
        <comment>group</comment>
        <translation>mit Maske</translation>
    </message>
    <message>
        <source>masked</source>
        <comment>label</comment>
        <translation>mit Maske</translation>
    </message>
    <message>
        <source>microphones</source>
        <translation>Mikrofone</translation>
    </message>
    <message>
        <source>model &apos;{path}&apos; answered with numbers that are no probabilities</source>
        <translation>das Modell „{path}“ antwortete mit Zahlen, die keine Wahrscheinlichkeiten sind</translation>
    </message>
    <message>
        <source>model &apos;{path}&apos; failed on a face: {reason}</source>
        <translation>das Modell „{path}“ ist an einem Gesicht gescheitert: {reason}</translation>
    </message>
    <message>
        <source>model &apos;{path}&apos; is refused by the TFLite runtime: {reason}</source>
        <translation>das Modell „{path}“ wird von der TFLite-Laufzeit abgelehnt: {reason}</translation>
    </message>
    <message>
        <source>model &apos;{path}&apos; was taught with another version of the network &apos;{network}&apos;: teach it again with webcam-app teach</source>
        <translation>das Modell „{path}“ wurde mit einer anderen Version des Netzes „{network}“ angelernt: mit webcam-app teach neu anlernen</translation>
    </message>
    <message>
        <source>more than 70</source>
        <comment>group</comment>
        <translation>über 70</translation>
    </message>
    <message>
        <source>names of cameras</source>
        <translation>Namen von Kameras</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>no TFLite runtime is installed: pip install ai-edge-litert</source>
        <translation>es ist keine TFLite-Laufzeit installiert: pip install ai-edge-litert</translation>
    </message>
    <message>
        <source>no face</source>
        <translation>kein Gesicht</translation>
    </message>
    <message>
        <source>no face</source>
        <comment>label</comment>
        <translation>kein Gesicht</translation>
    </message>
    <message>
        <source>no face was found in {pictures}: taken whole, as if cut around a face</source>
        <translation>kein Gesicht gefunden in {pictures}: ganz verwendet, als wäre um ein Gesicht zugeschnitten</translation>
    </message>
    <message>
        <source>no mask</source>
        <comment>label</comment>
        <translation>keine Maske</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>kein Modell</translation>
    </message>
    <message>
        <source>no video, or damaged ({reason})</source>
        <translation>kein Video oder beschädigt ({reason})</translation>
    </message>
    <message>
        <source>not labelled</source>
        <translation>ohne Beschriftung</translation>
    </message>
    <message>
        <source>not looked at yet</source>
        <translation>noch nicht angesehen</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>not recognized</source>
        <translation>werden nicht erkannt</translation>
    </message>
    <message>
        <source>not tested at all, because there is only one picture or near-duplicates of one: {classes}</source>
        <translation>gar nicht geprüft, weil es nur ein Bild oder fast gleiche davon gibt: {classes}</translation>
    </message>
    <message>
        <source>not {label}</source>
        <translation>nicht {label}</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>or</source>
        <comment>between two keys</comment>
        <translation>oder</translation>
    </message>
    <message>
        <source>or hold the key {number}</source>
        <translation>oder die Taste {number} halten</translation>
    </message>
    <message>
        <source>others {count}</source>
        <translation>andere {count}</translation>
    </message>
    <message>
        <source>photographs</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>pictures</source>
        <comment>name of a folder</comment>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>pictures that both networks learned from</source>
        <translation>Bilder, aus denen beide Netze gelernt haben</translation>
    </message>
    <message>
        <source>previews of camera raw files</source>
        <translation>Vorschaubilder von Raw-Dateien</translation>
    </message>
    <message>
        <source>public domain; portraits by NASA and the United States Navy</source>
        <translation>gemeinfrei; Porträts von NASA und United States Navy</translation>
    </message>
    <message>
        <source>race</source>
        <comment>group</comment>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>resizes photographs</source>
        <translation>verkleinert Fotos</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>right: {share} of the {labelled} that got a label, {all_share} of all {count}</source>
        <translation>richtig: {share} der {labelled} mit Beschriftung, {all_share} aller {count}</translation>
    </message>
    <message>
        <source>runs the networks</source>
        <translation>führt die Netze aus</translation>
    </message>
    <message>
        <source>shown without a camera</source>
        <translation>läuft, wenn keine Kamera da ist</translation>
    </message>
    <message>
        <source>sound and subtitles could not be taken over: {reason}</source>
        <translation>Ton und Untertitel ließen sich nicht übernehmen: {reason}</translation>
    </message>
    <message>
        <source>still no camera. One that is plugged in is offered here.</source>
        <translation>noch immer keine Kamera. Eine neu angeschlossene wird hier angeboten.</translation>
    </message>
    <message>
        <source>the built-in model</source>
        <translation>mitgeliefertes Modell</translation>
    </message>
    <message>
        <source>the disk is full: free some space or choose another folder</source>
        <translation>der Datenträger ist voll: Platz schaffen oder einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>the disk is gone: was it taken out?</source>
        <translation>der Datenträger ist weg: wurde er entfernt?</translation>
    </message>
    <message>
        <source>the disk is read-only: choose another folder</source>
        <translation>der Datenträger ist schreibgeschützt: einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>the disk reports an error: was it taken out?</source>
        <translation>der Datenträger meldet einen Fehler: wurde er entfernt?</translation>
    </message>
    <message>
        <source>the file reached the largest size that this disk takes: choose another disk or start another file</source>
        <translation>die Datei hat die größte Größe erreicht, die dieser Datenträger zulässt: einen anderen Datenträger wählen oder eine neue Datei beginnen</translation>
    </message>
    <message>
        <source>the folder is not there: choose another one</source>
        <translation>den Ordner gibt es nicht: einen anderen wählen</translation>
    </message>
    <message>
        <source>the gender that a face is perceived as</source>
        <translation>das Geschlecht, als das ein Gesicht wahrgenommen wird</translation>
    </message>
    <message>
        <source>the name is too long for this disk: choose a shorter name or folder</source>
        <translation>der Name ist zu lang für diesen Datenträger: einen kürzeren Namen oder Ordner wählen</translation>
    </message>
    <message>
        <source>the package Send2Trash is not installed</source>
        <translation>das Paket Send2Trash ist nicht installiert</translation>
    </message>
    <message>
        <source>the pictures are so large that faces are covered from less than half a second before</source>
        <translation>die Bilder sind so groß, dass Gesichter weniger als eine halbe Sekunde im Voraus verdeckt werden</translation>
    </message>
    <message>
        <source>the program, its icons and its networks</source>
        <translation>das Programm, seine Symbole und seine Netze</translation>
    </message>
    <message>
        <source>the taught model</source>
        <translation>angelerntes Modell</translation>
    </message>
    <message>
        <source>the trash of the system</source>
        <translation>Papierkorb des Systems</translation>
    </message>
    <message>
        <source>the virtual camera</source>
        <translation>virtuelle Kamera</translation>
    </message>
    <message>
        <source>the window</source>
        <translation>das Fenster</translation>
    </message>
    <message>
        <source>there are {count} classes: at most {most} can be taught</source>
        <translation>es sind {count} Klassen: höchstens {most} lassen sich anlernen</translation>
    </message>
    <message>
        <source>there is a file where the folder should be: choose another folder</source>
        <translation>an der Stelle des Ordners liegt eine Datei: einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>there is no picture: make a folder with a sub-folder of pictures for each class</source>
        <translation>es ist kein Bild da: einen Ordner mit einem Unterordner voller Bilder für jede Klasse anlegen</translation>
    </message>
    <message>
        <source>there is not enough memory for it</source>
        <translation>dafür reicht der Speicher nicht</translation>
    </message>
    <message>
        <source>there is not enough memory: close other programs, or lower --jobs</source>
        <translation>der Speicher reicht nicht: andere Programme schließen oder --jobs verringern</translation>
    </message>
    <message>
        <source>there is only one class, &apos;{name}&apos;: a model tells classes apart, so give it another one too</source>
        <translation>es gibt nur eine Klasse, „{name}“: ein Modell unterscheidet Klassen, also braucht es noch eine</translation>
    </message>
    <message>
        <source>there is such a file already</source>
        <translation>eine solche Datei gibt es schon</translation>
    </message>
    <message>
        <source>this face</source>
        <translation>dieses Gesicht</translation>
    </message>
    <message>
        <source>this user may not write there: choose another folder</source>
        <translation>dort fehlt das Schreibrecht: einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>too few different pictures to say how well these will do: {classes}; {count} a class and more, in other light and pose, help most</source>
        <translation>zu wenige verschiedene Bilder, um zu sagen, wie gut es bei diesen wird: {classes}; {count} und mehr je Klasse, in anderem Licht und anderer Haltung, helfen am meisten</translation>
    </message>
    <message>
        <source>true label</source>
        <comment>label</comment>
        <translation>richtig wäre</translation>
    </message>
    <message>
        <source>truncated: detail is missing</source>
        <translation>abgeschnitten: Einzelheiten fehlen</translation>
    </message>
    <message>
        <source>truncated: its last bytes are missing</source>
        <translation>abgeschnitten: die letzten Bytes fehlen</translation>
    </message>
    <message>
        <source>truncated: the {side} {share} % are missing</source>
        <translation>abgeschnitten: {share}&#xa0;% fehlen ({side})</translation>
    </message>
    <message>
        <source>unsure</source>
        <comment>label</comment>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>used by CFFI</source>
        <translation>wird von CFFI benutzt</translation>
    </message>
    <message>
        <source>used by LiteRT</source>
        <translation>wird von LiteRT benutzt</translation>
    </message>
    <message>
        <source>used by sounddevice</source>
        <translation>wird von sounddevice benutzt</translation>
    </message>
    <message>
        <source>videos and streams</source>
        <translation>Videos und Streams</translation>
    </message>
    <message>
        <source>without pictures that can be read, so not taught: {classes}</source>
        <translation>ohne lesbare Bilder, also nicht angelernt: {classes}</translation>
    </message>
    <message>
        <source>worn from a probability of {share}</source>
        <translation>getragen ab einer Wahrscheinlichkeit von {share}</translation>
    </message>
    <message>
        <source>write / as %2F, # as %23, ? as %3F, @ as %40, : as %3A and % as %25</source>
        <translation>schreibt sich / als %2F, # als %23, ? als %3F, @ als %40, : als %3A und % als %25</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>falsch</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>your disk quota is used up: free some space or choose another folder</source>
        <translation>der zugeteilte Speicherplatz ist verbraucht: Platz schaffen oder einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>{camera} (not there)</source>
        <translation>{camera} (nicht da)</translation>
    </message>
    <message>
        <source>{camera} at {mode}</source>
        <translation>{camera} mit {mode}</translation>
    </message>
    <message>
        <source>{camera} delivers no pictures now. Choose another camera.</source>
        <translation>{camera} liefert jetzt keine Bilder. Bitte eine andere Kamera wählen.</translation>
    </message>
    <message>
        <source>{count} could not be read; the first: {reason}</source>
        <translation>{count} waren nicht lesbar; das erste: {reason}</translation>
    </message>
    <message>
        <source>{count} damaged picture was left out</source>
        <translation>{count} beschädigtes Bild wurde ausgelassen</translation>
    </message>
    <message>
        <source>{count} damaged pictures were left out</source>
        <translation>{count} beschädigte Bilder wurden ausgelassen</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count}&#xa0;h</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count}&#xa0;min</translation>
    </message>
    <message>
        <source>{count} ms</source>
        <translation>{count}&#xa0;ms</translation>
    </message>
    <message>
        <source>{count} of {total}</source>
        <translation>{count} von {total}</translation>
    </message>
    <message>
        <source>{count} of {total} {name} are called {other}: pictures that show the difference help</source>
        <translation>{count} von {total} {name} heißen {other}: Bilder, die den Unterschied zeigen, helfen</translation>
    </message>
    <message>
        <source>{count} picture</source>
        <translation>{count} Bild</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} Bilder</translation>
    </message>
    <message>
        <source>{count} pictures and labels.csv: {folder}</source>
        <translation>{count} Bilder und labels.csv: {folder}</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count}&#xa0;s</translation>
    </message>
    <message>
        <source>{count}: {faces}</source>
        <translation>{count}: {faces}</translation>
    </message>
    <message>
        <source>{face}, drawn by hand</source>
        <translation>{face}, von Hand eingezeichnet</translation>
    </message>
    <message>
        <source>{group}: {count} picture</source>
        <translation>{group}: {count} Bild</translation>
    </message>
    <message>
        <source>{group}: {count} pictures</source>
        <translation>{group}: {count} Bilder</translation>
    </message>
    <message>
        <source>{group}: {figure}, between {low} and {high}</source>
        <translation>{group}: {figure}, zwischen {low} und {high}</translation>
    </message>
    <message>
        <source>{label} &apos;{folder}&apos;, which does not say where that is. Choose a folder, or give its whole path, such as {path}</source>
        <translation>{label}: „{folder}“ sagt nicht, wo das ist. Einen Ordner wählen oder den ganzen Pfad angeben, etwa {path}</translation>
    </message>
    <message>
        <source>{label} &apos;{folder}&apos;: {problem}.</source>
        <translation>{label} „{folder}“: {problem}.</translation>
    </message>
    <message>
        <source>{label} with a mask</source>
        <translation>{label} mit Maske</translation>
    </message>
    <message>
        <source>{label}, no face</source>
        <translation>{label}, kein Gesicht</translation>
    </message>
    <message>
        <source>{label}, not {other}</source>
        <translation>{label} ≠ {other}</translation>
    </message>
    <message>
        <source>{label}: choose a folder</source>
        <translation>{label}: einen Ordner wählen</translation>
    </message>
    <message>
        <source>{label}: no folder is named. Choose one.</source>
        <translation>{label}: es ist kein Ordner angegeben. Bitte einen wählen.</translation>
    </message>
    <message>
        <source>{label}: {share}. {meaning}</source>
        <translation>{label}: {share}. {meaning}</translation>
    </message>
    <message>
        <source>{median} ms</source>
        <translation>{median}&#xa0;ms</translation>
    </message>
    <message>
        <source>{median} ms (95 %: {most})</source>
        <translation>{median}&#xa0;ms (95&#xa0;%: {most})</translation>
    </message>
    <message numerus="yes">
        <source>{model} ({labels} and %n more)</source>
        <translation>
            <numerusform>{model} ({labels} und %n weitere)</numerusform>
            <numerusform>{model} ({labels} und %n weitere)</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} ({number} of {count})</source>
        <translation>{name} ({number} von {count})</translation>
    </message>
    <message>
        <source>{name} begins like a {kind} picture, but is damaged or cut off. Copy it again.</source>
        <translation>{name} beginnt wie ein {kind}-Bild, ist aber beschädigt oder abgeschnitten. Bitte neu kopieren.</translation>
    </message>
    <message>
        <source>{name} cannot be deleted: {reason}.</source>
        <translation>{name} lässt sich nicht löschen: {reason}.</translation>
    </message>
    <message>
        <source>{name} cannot be opened ({reason}). Check the address.</source>
        <translation>{name} lässt sich nicht öffnen ({reason}). Bitte die Adresse prüfen.</translation>
    </message>
    <message>
        <source>{name} cannot be opened ({reason}). Check the address.{hint}</source>
        <translation>{name} lässt sich nicht öffnen ({reason}). Bitte die Adresse prüfen.{hint}</translation>
    </message>
    <message>
        <source>{name} cannot be opened: addresses begin with one of {schemes}.</source>
        <translation>{name} lässt sich nicht öffnen: Adressen beginnen mit einem von {schemes}.</translation>
    </message>
    <message>
        <source>{name} cannot be played from elsewhere ({reason}).</source>
        <translation>{name} lässt sich nicht von anderer Stelle abspielen ({reason}).</translation>
    </message>
    <message>
        <source>{name} cannot be played: {reason}. Choose another file.</source>
        <translation>{name} lässt sich nicht abspielen: {reason}. Bitte eine andere Datei wählen.</translation>
    </message>
    <message>
        <source>{name} cannot be read ({reason}). Try again.</source>
        <translation>{name} ist nicht lesbar ({reason}). Bitte erneut versuchen.</translation>
    </message>
    <message>
        <source>{name} cannot be read any further ({reason}).</source>
        <translation>{name} ist nicht weiter lesbar ({reason}).</translation>
    </message>
    <message>
        <source>{name} cannot be read at the moment. It goes on when it can be.</source>
        <translation>{name} ist im Moment nicht lesbar. Es geht weiter, sobald es wieder geht.</translation>
    </message>
    <message>
        <source>{name} cannot be read: {reason}.</source>
        <translation>{name} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{name} could not be opened: {reason} {other} goes on.</source>
        <translation>{name} ließ sich nicht öffnen: {reason} {other} läuft weiter.</translation>
    </message>
    <message>
        <source>{name} delivers damaged pictures ({reason}).</source>
        <translation>{name} liefert beschädigte Bilder ({reason}).</translation>
    </message>
    <message>
        <source>{name} delivers damaged pictures.</source>
        <translation>{name} liefert beschädigte Bilder.</translation>
    </message>
    <message>
        <source>{name} delivers no picture that can be decoded.</source>
        <translation>{name} liefert kein Bild, das sich dekodieren lässt.</translation>
    </message>
    <message>
        <source>{name} delivers no pictures. Give the address of a video stream.</source>
        <translation>{name} liefert keine Bilder. Bitte die Adresse eines Videostreams angeben.</translation>
    </message>
    <message>
        <source>{name} did not answer within {seconds} seconds. Is the camera on?</source>
        <translation>{name} hat innerhalb von {seconds} Sekunden nicht geantwortet. Ist die Kamera an?</translation>
    </message>
    <message>
        <source>{name} did not answer. Is the camera on?</source>
        <translation>{name} hat nicht geantwortet. Ist die Kamera an?</translation>
    </message>
    <message>
        <source>{name} does not exist.</source>
        <translation>{name} gibt es nicht.</translation>
    </message>
    <message>
        <source>{name} ended the process that read it, {count} times: it is damaged, or there is too little memory for it.</source>
        <translation>{name} hat den Prozess, der es las, {count}-mal beendet: es ist beschädigt, oder der Speicher reicht dafür nicht.</translation>
    </message>
    <message>
        <source>{name} ended the stream.</source>
        <translation>{name} hat den Stream beendet.</translation>
    </message>
    <message>
        <source>{name} has ended.</source>
        <translation>{name} ist zu Ende.</translation>
    </message>
    <message>
        <source>{name} holds no picture that can be decoded. Choose another file.</source>
        <translation>{name} enthält kein Bild, das sich dekodieren lässt. Bitte eine andere Datei wählen.</translation>
    </message>
    <message>
        <source>{name} is a video with the name of a picture. Give it a video&apos;s ending, such as .mp4.</source>
        <translation>{name} ist ein Video mit dem Namen eines Bildes. Bitte die Endung eines Videos geben, etwa .mp4.</translation>
    </message>
    <message>
        <source>{name} is a {kind} of a kind that is not read. {help}</source>
        <translation>{name} ist von einer Art ({kind}), die nicht gelesen wird. {help}</translation>
    </message>
    <message>
        <source>{name} is a {kind} picture of a form that is not read ({form}). {help}</source>
        <translation>{name} ist ein Bild der Art {kind} in einer Form, die nicht gelesen wird ({form}). {help}</translation>
    </message>
    <message>
        <source>{name} is a {kind} picture, and what reads those is not installed: {install}</source>
        <translation>{name} ist ein {kind}-Bild, und was solche liest, ist nicht installiert: {install}</translation>
    </message>
    <message>
        <source>{name} is damaged after {count} pictures: {reason}.</source>
        <translation>{name} ist nach {count} Bildern beschädigt: {reason}.</translation>
    </message>
    <message>
        <source>{name} is damaged or cut off: it ends after {seconds} of {whole} seconds.</source>
        <translation>{name} ist beschädigt oder abgeschnitten: es endet nach {seconds} von {whole} Sekunden.</translation>
    </message>
    <message>
        <source>{name} is damaged: it is truncated before its picture begins.</source>
        <translation>{name} ist beschädigt: es ist abgeschnitten, bevor das Bild beginnt.</translation>
    </message>
    <message>
        <source>{name} is damaged: {reason}.</source>
        <translation>{name} ist beschädigt: {reason}.</translation>
    </message>
    <message>
        <source>{name} is empty.</source>
        <translation>{name} ist leer.</translation>
    </message>
    <message>
        <source>{name} is encrypted in a way that cannot be played.</source>
        <translation>{name} ist auf eine Art verschlüsselt, die sich nicht abspielen lässt.</translation>
    </message>
    <message>
        <source>{name} is no address. In the name and the password, {help}.</source>
        <translation>{name} ist keine Adresse. In Name und Passwort {help}.</translation>
    </message>
    <message>
        <source>{name} is no address: after :// come the host and perhaps a port, a number.</source>
        <translation>{name} ist keine Adresse: nach :// kommen der Rechnername und vielleicht ein Port, eine Zahl.</translation>
    </message>
    <message>
        <source>{name} is no camera ({reason}).</source>
        <translation>{name} ist keine Kamera ({reason}).</translation>
    </message>
    <message>
        <source>{name} is not a picture, or of a kind that cannot be read.</source>
        <translation>{name} ist kein Bild oder von einer Art, die nicht gelesen wird.</translation>
    </message>
    <message>
        <source>{name} is too large: at most {count} MB are read. Make it smaller.</source>
        <translation>{name} ist zu groß: höchstens {count}&#xa0;MB werden gelesen. Bitte verkleinern.</translation>
    </message>
    <message>
        <source>{name} is too large{size}: at most {count} million pixels are decoded. Make it smaller.</source>
        <translation>{name} ist zu groß{size}: höchstens {count} Millionen Pixel werden dekodiert. Bitte verkleinern.</translation>
    </message>
    <message>
        <source>{name} is {kind}, not a picture.</source>
        <translation>{name} ist kein Bild ({kind}).</translation>
    </message>
    <message>
        <source>{name} is {kind}, not a video or picture.</source>
        <translation>{name} ist weder Video noch Bild ({kind}).</translation>
    </message>
    <message>
        <source>{name} is {remark}.</source>
        <translation>{name} ist beschädigt ({remark}).</translation>
    </message>
    <message>
        <source>{name} leads to what is no address.</source>
        <translation>{name} führt zu etwas, das keine Adresse ist.</translation>
    </message>
    <message>
        <source>{name} leads to {target}. Open that instead, if you trust it.</source>
        <translation>{name} führt zu {target}. Bei Vertrauen stattdessen das öffnen.</translation>
    </message>
    <message>
        <source>{name} may not be read by this user.</source>
        <translation>Für {name} fehlt das Leserecht.</translation>
    </message>
    <message>
        <source>{name} may not be read by this user. Change its permissions.</source>
        <translation>Für {name} fehlt das Leserecht. Bitte die Berechtigungen ändern.</translation>
    </message>
    <message>
        <source>{name} names no videos.</source>
        <translation>{name} nennt keine Videos.</translation>
    </message>
    <message>
        <source>{name} needs more memory than there is. Make it smaller.</source>
        <translation>{name} braucht mehr Speicher, als da ist. Bitte verkleinern.</translation>
    </message>
    <message>
        <source>{name} refuses this name and password. Check both; in them, {help}.</source>
        <translation>{name} lehnt Name und Passwort ab. Bitte beide prüfen; darin {help}.</translation>
    </message>
    <message>
        <source>{name} reports a fault of its own ({status}). Try again later.</source>
        <translation>{name} meldet selbst einen Fehler ({status}). Bitte später erneut versuchen.</translation>
    </message>
    <message>
        <source>{name} sends you on to {target}. Give that address if you trust it.</source>
        <translation>{name} leitet weiter zu {target}. Bei Vertrauen diese Adresse angeben.</translation>
    </message>
    <message>
        <source>{name} stopped delivering pictures.</source>
        <translation>{name} liefert keine Bilder mehr.</translation>
    </message>
    <message>
        <source>{name} {what}. Choose a file with video.</source>
        <translation>{name} {what}. Bitte eine Videodatei wählen.</translation>
    </message>
    <message>
        <source>{name}: no face was found, so it is taken whole</source>
        <translation>{name}: kein Gesicht gefunden, daher wird es ganz verwendet</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number}&#xa0;%</translation>
    </message>
    <message>
        <source>{number} snapshots, the first: {name}</source>
        <translation>{number} Fotos, das erste: {name}</translation>
    </message>
    <message>
        <source>{package} cannot be loaded: {reason}. Install it anew.</source>
        <translation>{package} lässt sich nicht laden: {reason}. Bitte neu installieren.</translation>
    </message>
    <message>
        <source>{pictures} with several faces: the largest was taken</source>
        <translation>{pictures} mit mehreren Gesichtern: das größte wurde verwendet</translation>
    </message>
    <message>
        <source>{problem} It goes on by itself once it is back.</source>
        <translation>{problem} Es geht von selbst weiter, sobald die Verbindung wieder da ist.</translation>
    </message>
    <message>
        <source>{problem} It is heard again once it is back.</source>
        <translation>{problem} Es wird wieder gehört, sobald es wieder da ist.</translation>
    </message>
    <message>
        <source>{rate} a second · {time} left</source>
        <translation>{rate} pro Sekunde · noch {time}</translation>
    </message>
    <message>
        <source>{rate} fps</source>
        <translation>{rate}&#xa0;fps</translation>
    </message>
    <message>
        <source>{reason} {name} is shown instead.</source>
        <translation>{reason} Stattdessen ist {name} zu sehen.</translation>
    </message>
    <message>
        <source>{share} of {count}</source>
        <translation>{share} von {count}</translation>
    </message>
    <message>
        <source>{share} of {count}, few</source>
        <translation>{share} von {count}, wenige</translation>
    </message>
    <message>
        <source>{share} right</source>
        <translation>{share} richtig</translation>
    </message>
    <message>
        <source>{share} right on pictures it was not taught with (95 % interval {low} to {high}, {count} pictures)</source>
        <translation>{share} richtig bei Bildern, mit denen es nicht angelernt wurde (95-%-Intervall {low} bis {high}, {count} Bilder)</translation>
    </message>
    <message>
        <source>{share} right, of {count} faces</source>
        <translation>{share} richtig, von {count} Gesichtern</translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation>{size} frei</translation>
    </message>
    <message>
        <source>{sure} sure: {right} right, {count} faces</source>
        <translation>{sure} sicher: {right} richtig, {count} Gesichter</translation>
    </message>
    <message>
        <source>{text}, {left} left</source>
        <translation>{text}, noch {left}</translation>
    </message>
    <message>
        <source>{title}, the worst first</source>
        <translation>{title}, die schlechtesten zuerst</translation>
    </message>
    <message>
        <source>{unsure}: the likeliest label, {label}, has only {share}.</source>
        <translation>{unsure}: die wahrscheinlichste Beschriftung, {label}, hat nur {share}.</translation>
    </message>
    <message>
        <source>{unsure}: this face is unlike all that &apos;{model}&apos; was taught.</source>
        <translation>{unsure}: dieses Gesicht gleicht nichts, was „{model}“ gelernt hat.</translation>
    </message>
    <message>
        <source>{width}×{height} pixels</source>
        <translation>{width}×{height} Pixel</translation>
    </message>
    <message>
        <source>– ms</source>
        <translation>– ms</translation>
    </message>
    <message>
        <source>● Camera &apos;{name}&apos;</source>
        <translation>● Kamera „{name}“</translation>
    </message>
</context>
</TS>
