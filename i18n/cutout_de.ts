<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Arrivals</name>
    <message numerus="yes">
        <location filename="../bridge/arrivals.py" line="70"/>
        <source>“{title}” has arrived: %n layer(s).</source>
        <translation>
            <numerusform>„{title}“ ist eingetroffen: %n Layer.</numerusform>
            <numerusform>„{title}“ ist eingetroffen: %n Layer.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/arrivals.py" line="55"/>
        <source>Look through {title}</source>
        <translation>{title} durchsehen</translation>
    </message>
</context>
<context>
    <name>Clip</name>
    <message>
        <location filename="../bridge/clip.py" line="124"/>
        <source>{layers} is not clipped: {reason}.</source>
        <translation>{layers} ist nicht zugeschnitten: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="125"/>
        <source>{layers} are not clipped: {reason}.</source>
        <translation>{layers} sind nicht zugeschnitten: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="129"/>
        <source>{layers} is not shown: nothing of it is in the area.</source>
        <translation>{layers} wird nicht angezeigt: Nichts davon liegt im Gebiet.</translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="130"/>
        <source>{layers} are not shown: nothing of them is in the area.</source>
        <translation>{layers} werden nicht angezeigt: Nichts davon liegt im Gebiet.</translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="133"/>
        <source>{layers} is empty: nothing of it is in the area.</source>
        <translation>{layers} ist leer: Nichts davon liegt im Gebiet.</translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="134"/>
        <source>{layers} are empty: nothing of them is in the area.</source>
        <translation>{layers} sind leer: Nichts davon liegt im Gebiet.</translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/clip.py" line="137"/>
        <source>%n feature(s) of “{layer}” can't be cut, so they are there as a whole.</source>
        <translation>
            <numerusform>%n Objekt von „{layer}“ lässt sich nicht zuschneiden und ist daher ganz enthalten.</numerusform>
            <numerusform>%n Objekte von „{layer}“ lassen sich nicht zuschneiden und sind daher ganz enthalten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/clip.py" line="153"/>
        <source>{layers} and %n more</source>
        <translation>
            <numerusform>{layers} und %n weiterer</numerusform>
            <numerusform>{layers} und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="159"/>
        <source>a mesh can&apos;t be cut</source>
        <translation>ein Netz lässt sich nicht zuschneiden</translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="160"/>
        <source>3D Tiles can&apos;t be cut</source>
        <translation>3D Tiles lassen sich nicht zuschneiden</translation>
    </message>
    <message>
        <location filename="../bridge/reasons.py" line="21"/>
        <source>GDAL gives no reason</source>
        <translation>GDAL nennt keinen Grund</translation>
    </message>
</context>
<context>
    <name>ClipArea</name>
    <message>
        <location filename="../bridge/clip_area.py" line="37"/>
        <source>its CRS is not known</source>
        <translation>das KBS ist nicht bekannt</translation>
    </message>
    <message>
        <location filename="../bridge/clip_area.py" line="42"/>
        <source>its CRS is not one of the Earth&apos;s surface</source>
        <translation>das KBS bezieht sich nicht auf die Erdoberfläche</translation>
    </message>
    <message>
        <location filename="../bridge/clip_area.py" line="156"/>
        <source>the area of the order can&apos;t be read</source>
        <translation>das Gebiet der Bestellung ist nicht lesbar</translation>
    </message>
    <message>
        <location filename="../bridge/clip_area.py" line="219"/>
        <source>the area has no place in its CRS</source>
        <translation>das Gebiet lässt sich im KBS der Daten nicht darstellen</translation>
    </message>
</context>
<context>
    <name>ClipRasters</name>
    <message>
        <location filename="../bridge/clip_rasters.py" line="66"/>
        <source>its cells do not lie in rows on the map</source>
        <translation>die Zellen liegen auf der Karte nicht in Zeilen</translation>
    </message>
</context>
<context>
    <name>ClipVectors</name>
    <message>
        <location filename="../bridge/clip_vectors.py" line="69"/>
        <source>surfaces in space can&apos;t be cut</source>
        <translation>Flächen im 3D-Raum lassen sich nicht zuschneiden</translation>
    </message>
    <message>
        <location filename="../bridge/clip_vectors.py" line="189"/>
        <source>it was not written whole</source>
        <translation>die Datei wurde nicht vollständig geschrieben</translation>
    </message>
</context>
<context>
    <name>Cover</name>
    <message>
        <location filename="../toolbox/cover.py" line="50"/>
        <source>Replaces each polygon by one that covers it and has no more than the given number of vertices, so that a service with a limit takes it and nothing of the area is lost. The attribute extra_pct says by how many percent the area grows. The result is in EPSG:4326.</source>
        <translation>Ersetzt jedes Polygon durch eines, das es überdeckt und höchstens die angegebene Zahl von Stützpunkten hat, sodass ein Dienst mit einer Obergrenze es annimmt und nichts vom Gebiet verloren geht. Das Attribut extra_pct gibt an, um wie viel Prozent die Fläche wächst. Das Ergebnis ist in EPSG:4326.</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="38"/>
        <source>Cover polygons with fewer vertices</source>
        <translation>Polygone mit weniger Stützpunkten überdecken</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="62"/>
        <source>Polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="64"/>
        <source>Most vertices, closing ones included</source>
        <translation>Höchstzahl der Stützpunkte, Schlusspunkte eingeschlossen</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="70"/>
        <source>Cover</source>
        <translation>Überdeckung</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="41"/>
        <source>Areas</source>
        <translation>Gebiete</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="47"/>
        <source>simplify,generalize,cover,vertices,area of interest</source>
        <translation>vereinfachen,generalisieren,überdecken,Stützpunkte,Interessengebiet</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="63"/>
        <source>In any CRS. Each is covered by itself.</source>
        <translation>In beliebigem KBS. Jedes wird für sich überdeckt.</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="69"/>
        <source>1,000 is what Koordinates takes.</source>
        <translation>Koordinates nimmt 1000 an.</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="71"/>
        <source>With the attributes of the polygons, vertices and extra_pct.</source>
        <translation>Mit den Attributen der Polygone, vertices und extra_pct.</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="94"/>
        <source>Stopped.</source>
        <translation>Abgebrochen.</translation>
    </message>
</context>
<context>
    <name>CutoutAccount</name>
    <message>
        <location filename="../ui/account_dialog.py" line="133"/>
        <source>Test connection</source>
        <translation>Verbindung testen</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="53"/>
        <source>Edit account</source>
        <translation>Konto bearbeiten</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="53"/>
        <source>Add account</source>
        <translation>Konto hinzufügen</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="106"/>
        <source>Optional: how to call it in the list</source>
        <translation>Optional: Name in der Liste</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="107"/>
        <source>Send the key unencrypted (plain http)</source>
        <translation>Schlüssel unverschlüsselt senden (einfaches http)</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="109"/>
        <source>Anybody between here and the server can read the key.</source>
        <translation>Der Schlüssel kann auf dem Weg zum Server mitgelesen werden.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="117"/>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="118"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="149"/>
        <source>Choose, or type the site&apos;s address</source>
        <translation>Wählen oder Adresse der Website eingeben</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="181"/>
        <source>Enter the address of the server first.</source>
        <translation>Geben Sie zuerst die Adresse des Servers ein.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="190"/>
        <source>QGIS keeps it encrypted, and may ask for your master password.</source>
        <translation>QGIS speichert die Zugangsdaten verschlüsselt und fragt eventuell nach Ihrem Masterpasswort.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="191"/>
        <source>Make one here: {link}.</source>
        <translation>Hier erstellen: {link}.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="221"/>
        <source>Asking {host}…</source>
        <translation>{host} wird abgefragt…</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="180"/>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="179"/>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="178"/>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="105"/>
        <source>Enter the credentials first.</source>
        <translation>Geben Sie zuerst die Zugangsdaten ein.</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="131"/>
        <source>Leave empty to keep the saved one</source>
        <translation>Leer lassen, um den gespeicherten Wert zu behalten</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="200"/>
        <source>Register a native application (PKCE): it has a client id and no secret.</source>
        <translation>Registrieren Sie eine native Anwendung (PKCE): Diese hat eine Client-ID und kein Clientgeheimnis.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="201"/>
        <source>Register a web application with a secret: without one it takes QGIS 3.34.</source>
        <translation>Registrieren Sie eine Webanwendung mit Clientgeheimnis: Ohne dieses ist QGIS 3.34 erforderlich.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="215"/>
        <source>QGIS signs in, maybe in your web browser…</source>
        <translation>QGIS meldet sich an, eventuell in Ihrem Webbrowser…</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Sign in with</source>
        <translation>Anmelden mit</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Redirect address</source>
        <translation>Weiterleitungsadresse</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Auth config</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="102"/>
        <source>Choose an auth config first.</source>
        <translation>Wählen Sie zuerst eine Authentifizierungskonfiguration.</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="166"/>
        <source>E-mail and password</source>
        <translation>E-Mail und Passwort</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="178"/>
        <source>Share key</source>
        <translation>Freigabeschlüssel</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="168"/>
        <source>Client id and secret of a service application</source>
        <translation>Client-ID und Clientgeheimnis einer Dienstanwendung</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="169"/>
        <source>Web browser (OAuth2)</source>
        <translation>Webbrowser (OAuth2)</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="170"/>
        <source>An auth config of QGIS</source>
        <translation>Authentifizierungskonfiguration von QGIS</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="177"/>
        <source>Client id</source>
        <translation>Client-ID</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="177"/>
        <source>Client secret</source>
        <translation>Clientgeheimnis</translation>
    </message>
</context>
<context>
    <name>CutoutArea</name>
    <message>
        <location filename="../ui/area_picker.py" line="59"/>
        <source>Measure the area</source>
        <translation>Gebiet ermitteln</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="118"/>
        <source>Where the area comes from</source>
        <translation>Woher das Gebiet kommt</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="122"/>
        <source>Zoom to the area</source>
        <translation>Auf das Gebiet zoomen</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="144"/>
        <source>Map canvas extent</source>
        <translation>Kartenausschnitt</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="145"/>
        <source>Selected polygons</source>
        <translation>Gewählte Polygone</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="146"/>
        <source>No area</source>
        <translation>Kein Gebiet</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="189"/>
        <source>The service is asked for everything.</source>
        <translation>Beim Dienst wird alles angefordert.</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="188"/>
        <source>The whole model, wherever it is.</source>
        <translation>Das ganze Modell, wo immer es liegt.</translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="210"/>
        <source>Not used: “{option}” says where.</source>
        <translation>Nicht verwendet: „{option}“ bestimmt den Ort.</translation>
    </message>
    <message>
        <location filename="../ui/area_words.py" line="38"/>
        <source>the whole model</source>
        <translation>das ganze Modell</translation>
    </message>
    <message>
        <location filename="../ui/area_words.py" line="39"/>
        <source>everything there is</source>
        <translation>alles Vorhandene</translation>
    </message>
    <message>
        <location filename="../ui/part_choice.py" line="40"/>
        <source>One polygon around everything</source>
        <translation>Ein Polygon um alles</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/part_choice.py" line="44"/>
        <source>%n orders, one for each part</source>
        <translation>
            <numerusform>%n Bestellung, eine für jeden Teil</numerusform>
            <numerusform>%n Bestellungen, eine für jeden Teil</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutDock</name>
    <message>
        <location filename="../ui/account_picker.py" line="43"/>
        <source>Where to order from</source>
        <translation>Wo bestellt wird</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="48"/>
        <source>The site and the key to order with</source>
        <translation>Website und Schlüssel, mit denen bestellt wird</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="79"/>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="80"/>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="88"/>
        <source>Add account…</source>
        <translation>Konto hinzufügen…</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="91"/>
        <source>Edit account…</source>
        <translation>Konto bearbeiten…</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="94"/>
        <source>Remove account…</source>
        <translation>Konto entfernen…</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="107"/>
        <source>Add, edit or remove an account</source>
        <translation>Konto hinzufügen, bearbeiten oder entfernen</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="168"/>
        <source>Remove {account} and its key? Orders that still run can&apos;t be followed.</source>
        <translation>{account} und den zugehörigen Schlüssel entfernen? Noch laufende Bestellungen lassen sich dann nicht mehr verfolgen.</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="171"/>
        <source>Remove account</source>
        <translation>Konto entfernen</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="171"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="182"/>
        <source>To order from {service}, add an account with a key from the service.</source>
        <translation>Um bei {service} zu bestellen, fügen Sie ein Konto mit einem Schlüssel des Dienstes hinzu.</translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="189"/>
        <source>More: {link}</source>
        <translation>Mehr: {link}</translation>
    </message>
    <message>
        <location filename="../ui/dock.py" line="39"/>
        <source>Cutout</source>
        <translation>Cutout</translation>
    </message>
    <message>
        <location filename="../ui/dock.py" line="71"/>
        <source>“{title}” is ordered. Go on working: its layers come by themselves.</source>
        <translation>„{title}“ ist bestellt. Sie können weiterarbeiten: Die Layer kommen von selbst.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="56"/>
        <source>The name of the layer group and of the folder</source>
        <translation>Name der Layergruppe und des Ordners</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="58"/>
        <source>Order</source>
        <translation>Bestellen</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="92"/>
        <source>Area</source>
        <translation>Gebiet</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="95"/>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="166"/>
        <source>The key is locked away in QGIS, which asks for your master password.</source>
        <translation>Der Schlüssel ist in QGIS verschlossen. Zum Entsperren fragt QGIS nach Ihrem Masterpasswort.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="167"/>
        <source>Unlock…</source>
        <translation>Entsperren…</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="188"/>
        <source>Optional</source>
        <translation>Optional</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="195"/>
        <source>Add an account first.</source>
        <translation>Fügen Sie zuerst ein Konto hinzu.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="197"/>
        <source>Measuring the area…</source>
        <translation>Gebiet wird ermittelt…</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="221"/>
        <source>Unlock the account first.</source>
        <translation>Entsperren Sie zuerst das Konto.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="226"/>
        <source>Order what is described above</source>
        <translation>Bestellen, was oben beschrieben ist</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/service_form.py" line="70"/>
        <source>{first} and %n more</source>
        <translation>
            <numerusform>{first} und %n weiterer</numerusform>
            <numerusform>{first} und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="169"/>
        <source>Remove {account}? Orders that still run can&apos;t be followed.</source>
        <translation>{account} entfernen? Noch laufende Bestellungen lassen sich dann nicht mehr verfolgen.</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/dock.py" line="72"/>
        <source>%n orders are placed. Go on working: their layers come by themselves.</source>
        <translation>
            <numerusform>%n Bestellung ist aufgegeben. Sie können weiterarbeiten: Die Layer kommen von selbst.</numerusform>
            <numerusform>%n Bestellungen sind aufgegeben. Sie können weiterarbeiten: Die Layer kommen von selbst.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="163"/>
        <source>QGIS opens your web browser, where you sign in.</source>
        <translation>QGIS öffnet Ihren Webbrowser, in dem Sie sich anmelden.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="164"/>
        <source>Sign in…</source>
        <translation>Anmelden…</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="220"/>
        <source>Sign in first.</source>
        <translation>Melden Sie sich zuerst an.</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/order_form.py" line="244"/>
        <source>%n of these are ordered.</source>
        <translation>
            <numerusform>%n davon ist bestellt.</numerusform>
            <numerusform>%n davon sind bestellt.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="183"/>
        <source>To order from {service}, add an account of the service.</source>
        <translation>Um bei {service} zu bestellen, fügen Sie ein Konto des Dienstes hinzu.</translation>
    </message>
</context>
<context>
    <name>CutoutFigures</name>
    <message>
        <location filename="../ui/figures.py" line="18"/>
        <source>{figure} m²</source>
        <translation>{figure} m²</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="20"/>
        <source>{figure} km²</source>
        <translation>{figure} km²</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="24"/>
        <source>%Ln vertices</source>
        <translation>
            <numerusform>%Ln Stützpunkt</numerusform>
            <numerusform>%Ln Stützpunkte</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="35"/>
        <source>price not named</source>
        <translation>Preis nicht angegeben</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="37"/>
        <source>free</source>
        <translation>kostenlos</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="60"/>
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="62"/>
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="64"/>
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="65"/>
        <source>%n d</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tagen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="70"/>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="71"/>
        <source>{span} ago</source>
        <translation>vor {span}</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="82"/>
        <source>{figure} %</source>
        <translation>{figure} %</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="54"/>
        <source>You have {balance}.</source>
        <translation>Ihr Guthaben: {balance}.</translation>
    </message>
</context>
<context>
    <name>CutoutItems</name>
    <message>
        <location filename="../ui/choice_delegate.py" line="31"/>
        <source>Vector</source>
        <translation>Vektor</translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="32"/>
        <source>Imagery</source>
        <translation>Bilddaten</translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="33"/>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="34"/>
        <source>Attribute grid</source>
        <translation>Attributraster</translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="35"/>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <location filename="../ui/item_field.py" line="48"/>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="71"/>
        <source>Search, or paste an id or address</source>
        <translation>Suchen oder ID oder Adresse einfügen</translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="34"/>
        <source>Search results</source>
        <translation>Suchergebnisse</translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="82"/>
        <source>Double click or Enter adds a row to the order</source>
        <translation>Doppelklick oder Eingabetaste fügt eine Zeile zur Bestellung hinzu</translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="92"/>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="95"/>
        <source>Add the selected rows to the order</source>
        <translation>Gewählte Zeilen zur Bestellung hinzufügen</translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="42"/>
        <source>What can be ordered shows here once the account is ready.</source>
        <translation>Sobald das Konto bereit ist, steht hier, was bestellt werden kann.</translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="48"/>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="53"/>
        <source>Nothing found. Try fewer or other words.</source>
        <translation>Nichts gefunden. Versuchen Sie es mit weniger oder anderen Wörtern.</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/result_list.py" line="57"/>
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln Treffer</numerusform>
            <numerusform>%Ln Treffer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/result_list.py" line="59"/>
        <source>%Ln found, scroll for more</source>
        <translation>
            <numerusform>%Ln Treffer, für mehr weiterscrollen</numerusform>
            <numerusform>%Ln Treffer, für mehr weiterscrollen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="64"/>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <location filename="../ui/picked_list.py" line="65"/>
        <source>Take {title} out of the order</source>
        <translation>{title} aus der Bestellung nehmen</translation>
    </message>
    <message>
        <location filename="../ui/item_field.py" line="106"/>
        <source>Search, or paste an id</source>
        <translation>Suchen oder ID einfügen</translation>
    </message>
    <message>
        <location filename="../ui/item_field.py" line="120"/>
        <source>Show what there is to choose for {option}</source>
        <translation>Auswahl für {option} anzeigen</translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="52"/>
        <source>Nothing here yet. Choose first: {option}.</source>
        <translation>Hier ist noch nichts. Wählen Sie zuerst: {option}.</translation>
    </message>
</context>
<context>
    <name>CutoutJobs</name>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Zoom to area</source>
        <translation>Auf Gebiet zoomen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Look again</source>
        <translation>Erneut nachsehen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Send again…</source>
        <translation>Erneut senden…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Load layers</source>
        <translation>Layer laden</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Check now</source>
        <translation>Jetzt prüfen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Cancel…</source>
        <translation>Abbrechen…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Order again…</source>
        <translation>Erneut bestellen…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Details…</source>
        <translation>Details…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Copy message</source>
        <translation>Meldung kopieren</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Remove from list…</source>
        <translation>Aus Liste entfernen…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="145"/>
        <source>“{title}” may have been accepted. If it was, it may be charged twice.</source>
        <translation>„{title}“ wurde möglicherweise schon angenommen. Dann können die Kosten doppelt anfallen.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="154"/>
        <source>Send again</source>
        <translation>Erneut senden</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="20"/>
        <source>Stop the download of “{title}”? What it may have cost is not given back.</source>
        <translation>Das Herunterladen von „{title}“ abbrechen? Eventuell entstandene Kosten werden nicht erstattet.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="23"/>
        <source>Cancel “{title}” at the service?</source>
        <translation>„{title}“ beim Dienst abbrechen?</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="158"/>
        <source>Cancel the order</source>
        <translation>Bestellung abbrechen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="162"/>
        <source>Order “{title}” once more, with the same area and options?</source>
        <translation>„{title}“ mit demselben Gebiet und denselben Optionen noch einmal bestellen?</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="165"/>
        <source>Order again</source>
        <translation>Erneut bestellen</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="47"/>
        <source>Take “{title}” out of the list? Files and layers stay.</source>
        <translation>„{title}“ aus der Liste entfernen? Dateien und Layer bleiben erhalten.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="196"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="206"/>
        <source>The folder can&apos;t be opened: {folder}</source>
        <translation>Der Ordner kann nicht geöffnet werden: {folder}</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="54"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="56"/>
        <source>This service can&apos;t cancel: the order goes on and may be charged.</source>
        <translation>Bei diesem Dienst kann nicht abgebrochen werden: Die Bestellung läuft weiter und kann Kosten verursachen.</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="29"/>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="40"/>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="56"/>
        <source>Nothing ordered yet. Orders go on in the background and stay here.</source>
        <translation>Noch nichts bestellt. Bestellungen laufen im Hintergrund weiter und bleiben hier stehen.</translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="67"/>
        <source>Orders</source>
        <translation>Bestellungen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="24"/>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="26"/>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="27"/>
        <source>Ordering</source>
        <translation>Wird bestellt</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="28"/>
        <source>Queued</source>
        <translation>In Warteschlange</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="29"/>
        <source>Running</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="30"/>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="31"/>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="32"/>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="33"/>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="34"/>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="35"/>
        <source>Uncertain</source>
        <translation>Ungewiss</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="47"/>
        <source>downloading {percent}</source>
        <translation>Herunterladen {percent}</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="51"/>
        <source>next look in {span}</source>
        <translation>nächste Prüfung in {span}</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="51"/>
        <source>looking now</source>
        <translation>wird geprüft</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="87"/>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="88"/>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="89"/>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="90"/>
        <source>The service&apos;s word</source>
        <translation>Status laut Dienst</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="91"/>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="92"/>
        <source>Ordered</source>
        <translation>Bestellt</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="93"/>
        <source>Last news</source>
        <translation>Letzte Nachricht</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="94"/>
        <source>Next look</source>
        <translation>Nächste Prüfung</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="95"/>
        <source>Finished</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="96"/>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="100"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="101"/>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="102"/>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="103"/>
        <source>Id at the service</source>
        <translation>ID beim Dienst</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="104"/>
        <source>Option</source>
        <translation>Option</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="105"/>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="106"/>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="107"/>
        <source>Layer</source>
        <translation>Layer</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="108"/>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="26"/>
        <source>Folder for files…</source>
        <translation>Ordner für Dateien…</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="52"/>
        <source>Folder for the files of new orders</source>
        <translation>Ordner für die Dateien neuer Bestellungen</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="57"/>
        <source>This service can&apos;t cancel: the order goes on.</source>
        <translation>Dieser Dienst kann nicht abbrechen: Der Auftrag läuft weiter.</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="22"/>
        <source>Folder for files, and questions before orders</source>
        <translation>Ordner für Dateien und Fragen vor Bestellungen</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="38"/>
        <source>Files are saved in {folder}.</source>
        <translation>Dateien werden in {folder} gespeichert.</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="46"/>
        <source>Ask again before orders up to {amounts}</source>
        <translation>Vor Bestellungen bis {amounts} wieder fragen</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="47"/>
        <source>It is asked before every order that costs something</source>
        <translation>Vor jeder Bestellung, die etwas kostet, wird gefragt</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="54"/>
        <source>Ask for the price</source>
        <translation>Nach dem Preis fragen</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="43"/>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="41"/>
        <source>For yourself: with title, folder and file names</source>
        <translation>Für Sie selbst: mit Titel, Ordner und Dateinamen</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="56"/>
        <source>Copied, with title, folder and file names.</source>
        <translation>Kopiert, mit Titel, Ordner und Dateinamen.</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="64"/>
        <source>For a bug report: without keys, title, area, folders and your name</source>
        <translation>Für eine Fehlermeldung: ohne Schlüssel, Titel, Gebiet, Ordner und Ihren Namen</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="68"/>
        <source>The report is on the clipboard. Read it before you send it to anybody.</source>
        <translation>Der Bericht ist in der Zwischenablage. Lesen Sie ihn, bevor Sie ihn jemandem schicken.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="22"/>
        <source>Cancel “{title}”? It has not been ordered yet.</source>
        <translation>„{title}“ abbrechen? Es ist noch nicht bestellt.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="29"/>
        <source>Forget “{title}”? It has not been ordered yet.</source>
        <translation>„{title}“ vergessen? Es ist noch nicht bestellt.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="31"/>
        <source>Forget “{title}”? Its files wait at the service; they can't be collected then.</source>
        <translation>„{title}“ vergessen? Die Dateien liegen beim Dienst bereit und können dann nicht mehr abgeholt werden.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="33"/>
        <source>Forget “{title}”? The order goes on at the service and may be charged; its files can't be collected then.</source>
        <translation>„{title}“ vergessen? Die Bestellung läuft beim Dienst weiter und kann berechnet werden; ihre Dateien können dann nicht mehr abgeholt werden.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="38"/>
        <source>Forget “{title}”? The order goes on at the service; its files can't be collected then.</source>
        <translation>„{title}“ vergessen? Die Bestellung läuft beim Dienst weiter; ihre Dateien können dann nicht mehr abgeholt werden.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="42"/>
        <source>Forget “{title}”? If the service accepted it, it goes on there and may be charged, and its files can't be collected then.</source>
        <translation>„{title}“ vergessen? Falls der Dienst die Bestellung angenommen hat, läuft sie dort weiter und kann berechnet werden, und ihre Dateien können dann nicht mehr abgeholt werden.</translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="52"/>
        <source>The order is on its way; it can be cancelled once the service has answered.</source>
        <translation>Die Bestellung ist unterwegs; sie kann abgebrochen werden, sobald der Dienst geantwortet hat.</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/job_text.py" line="118"/>
        <source>and %Ln more</source>
        <translation>
            <numerusform>und %Ln weiteres</numerusform>
            <numerusform>und %Ln weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/job_text.py" line="62"/>
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutOptions</name>
    <message>
        <location filename="../ui/option_form.py" line="57"/>
        <source>Ask for choices</source>
        <translation>Auswahlmöglichkeiten abfragen</translation>
    </message>
    <message>
        <location filename="../ui/option_form.py" line="126"/>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
</context>
<context>
    <name>CutoutPlugin</name>
    <message>
        <location filename="../plugin.py" line="63"/>
        <source>Order geodata for an area and get it as layers</source>
        <translation>Geodaten für ein Gebiet bestellen und als Layer erhalten</translation>
    </message>
</context>
<context>
    <name>CutoutPoint</name>
    <message>
        <location filename="../ui/point_field.py" line="42"/>
        <source>Longitude, latitude</source>
        <translation>Längengrad, Breitengrad</translation>
    </message>
    <message>
        <location filename="../ui/point_field.py" line="46"/>
        <source>Centre of the map</source>
        <translation>Mitte der Karte</translation>
    </message>
    <message>
        <location filename="../ui/point_field.py" line="50"/>
        <source>Click a place on the map</source>
        <translation>Einen Ort auf der Karte anklicken</translation>
    </message>
    <message>
        <location filename="../ui/point_field.py" line="113"/>
        <source>The map does not know where on Earth this is.</source>
        <translation>Für diese Stelle der Karte lässt sich kein Ort auf der Erde bestimmen.</translation>
    </message>
    <message>
        <location filename="../ui/point_text.py" line="41"/>
        <source>Longitude goes to 180 and latitude to 90 degrees; longitude comes first.</source>
        <translation>Der Längengrad reicht bis 180, der Breitengrad bis 90; der Längengrad steht zuerst.</translation>
    </message>
    <message>
        <location filename="../ui/point_text.py" line="77"/>
        <source>This is no place. Write longitude and latitude, like 16.37, 48.21.</source>
        <translation>Das ist keine Ortsangabe. Geben Sie Längen- und Breitengrad ein, etwa 16.37, 48.21.</translation>
    </message>
</context>
<context>
    <name>CutoutPreflight</name>
    <message>
        <location filename="../ui/preflight.py" line="35"/>
        <source>What will be ordered</source>
        <translation>Was bestellt wird</translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="36"/>
        <source>Check the order</source>
        <translation>Bestellung prüfen</translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="66"/>
        <source>Asking {host}…</source>
        <translation>{host} wird abgefragt…</translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="84"/>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/preflight.py" line="97"/>
        <source>%n layers</source>
        <translation>
            <numerusform>%n Layer</numerusform>
            <numerusform>%n Layer</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="100"/>
        <source>about {size}</source>
        <translation>etwa {size}</translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="104"/>
        <source>Licence: {title}</source>
        <translation>Lizenz: {title}</translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/judging.py" line="70"/>
        <source>The area has %n parts, too many for an order each.</source>
        <translation>
            <numerusform>Das Gebiet hat %n Teil, zu viel für je eine Bestellung.</numerusform>
            <numerusform>Das Gebiet hat %n Teile, zu viele für je eine Bestellung.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/preflight.py" line="99"/>
        <source>%n orders</source>
        <translation>
            <numerusform>%n Bestellung</numerusform>
            <numerusform>%n Bestellungen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutQuestions</name>
    <message>
        <location filename="../ui/questions.py" line="40"/>
        <source>Go back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="84"/>
        <source>Order {what} from {service} ({server})?
Area: {area}
Price: {price}</source>
        <translation>{what} bei {service} ({server}) bestellen?
Gebiet: {area}
Preis: {price}</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="63"/>
        <source>Order</source>
        <translation>Bestellen</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="103"/>
        <source>not named</source>
        <translation>nicht genannt</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="63"/>
        <source>Send again</source>
        <translation>Erneut senden</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="76"/>
        <source>Don&apos;t ask again for orders up to {amount}</source>
        <translation>Bei Bestellungen bis {amount} nicht mehr fragen</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="79"/>
        <source>The button beside “Orders” in the Cutout panel takes it back.</source>
        <translation>Der Knopf neben „Bestellungen“ im Bedienfeld Cutout nimmt das zurück.</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="101"/>
        <source>free</source>
        <translation>kostenlos</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/questions.py" line="93"/>
        <source>These are %n orders.</source>
        <translation>
            <numerusform>Das ist %n Bestellung.</numerusform>
            <numerusform>Das sind %n Bestellungen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/questions.py" line="105"/>
        <source>and not named for %n of the orders</source>
        <translation>
            <numerusform>und bei %n Bestellung nicht genannt</numerusform>
            <numerusform>und bei %n Bestellungen nicht genannt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutTasks</name>
    <message>
        <location filename="../ui/latest.py" line="56"/>
        <source>This was stopped.</source>
        <translation>Der Vorgang wurde abgebrochen.</translation>
    </message>
</context>
<context>
    <name>Disk</name>
    <message>
        <location filename="../bridge/reasons.py" line="19"/>
        <source>the disk is full ({folder}); free some space, then load the layers again</source>
        <translation>der Datenträger ist voll ({folder}); schaffen Sie Platz und laden Sie die Layer dann erneut</translation>
    </message>
</context>
<context>
    <name>Drawings</name>
    <message>
        <location filename="../bridge/drawings.py" line="49"/>
        <source>nothing is drawn in it</source>
        <translation>in der Datei ist nichts gezeichnet</translation>
    </message>
    <message>
        <location filename="../bridge/drawings.py" line="95"/>
        <source>it is damaged: {reason}</source>
        <translation>die Datei ist beschädigt: {reason}</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <location filename="../bridge/jobs.py" line="267"/>
        <source>Ask {server}</source>
        <translation>{server} abfragen</translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="282"/>
        <source>Download {title}</source>
        <translation>{title} herunterladen</translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="333"/>
        <source>The download was stopped. What has come is kept; “Check now” goes on with it.</source>
        <translation>Das Herunterladen wurde abgebrochen. Was schon da ist, bleibt erhalten; mit „Jetzt prüfen“ geht es weiter.</translation>
    </message>
    <message>
        <location filename="../bridge/news.py" line="74"/>
        <source>Orders wait for QGIS's master password. Press “Check now” in the Cutout panel.</source>
        <translation>Bestellungen warten auf das Masterpasswort von QGIS. Drücken Sie „Jetzt prüfen“ im Bedienfeld Cutout.</translation>
    </message>
    <message>
        <location filename="../bridge/news.py" line="84"/>
        <source>Orders from {server} wait for you to sign in. Press “Check now” in the panel.</source>
        <translation>Aufträge bei {server} warten auf Ihre Anmeldung. Drücken Sie „Jetzt prüfen“ im Bedienfeld.</translation>
    </message>
    <message>
        <location filename="../bridge/recovery.py" line="35"/>
        <source>Look for finished orders in {folder}</source>
        <translation>Fertige Bestellungen in {folder} suchen</translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/recovery.py" line="46"/>
        <source>%n finished order(s) were found again in {folder}.</source>
        <translation>
            <numerusform>%n fertige Bestellung wurde in {folder} wiedergefunden.</numerusform>
            <numerusform>%n fertige Bestellungen wurden in {folder} wiedergefunden.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/news.py" line="59"/>
        <source>Another QGIS window or Processing run works on “{title}”. What you want of it is done as soon as it is through, or now if you stop it there.</source>
        <translation>Ein anderes QGIS-Fenster oder ein Lauf der Verarbeitung arbeitet an „{title}“. Was Sie wollen, geschieht, sobald es damit fertig ist, oder gleich, wenn Sie es dort anhalten.</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <location filename="../bridge/layers.py" line="135"/>
        <source>Open {name}</source>
        <translation>{name} öffnen</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="88"/>
        <source>it was stopped</source>
        <translation>der Vorgang wurde abgebrochen</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="76"/>
        <source>“{name}” could not be opened: {reason}.</source>
        <translation>„{name}“ konnte nicht geöffnet werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="76"/>
        <source>QGIS gives no reason</source>
        <translation>QGIS nennt keinen Grund</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="92"/>
        <source>The project was closed before the layers of “{title}” were in it. Load the job again.</source>
        <translation>Das Projekt wurde geschlossen, bevor die Layer von „{title}“ darin waren. Laden Sie die Layer der Bestellung erneut.</translation>
    </message>
</context>
<context>
    <name>Merge</name>
    <message>
        <location filename="../bridge/mosaics.py" line="128"/>
        <source>the rasters have several CRS</source>
        <translation>die Raster haben verschiedene KBS</translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="130"/>
        <source>the rasters differ in bands, data type or value for no data</source>
        <translation>die Raster unterscheiden sich in Kanälen, Datentyp oder Leerwert</translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="133"/>
        <source>the rasters have cells of several sizes</source>
        <translation>die Zellen der Raster sind verschieden groß</translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="136"/>
        <source>the cells of the rasters do not lie on each other</source>
        <translation>die Zellen der Raster liegen nicht im selben Gitter</translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="171"/>
        <source>{count} sheets could not be joined to one raster, so each is a layer: {reason}.</source>
        <translation>{count} Blätter konnten nicht zu einem Raster verbunden werden, daher ist jedes ein Layer: {reason}.</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <location filename="../bridge/models.py" line="108"/>
        <source>it is a link that leads out of the job&apos;s folder</source>
        <translation>die Datei ist eine Verknüpfung, die aus dem Ordner der Bestellung hinausführt</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="142"/>
        <source>not placed</source>
        <translation>nicht platziert</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="153"/>
        <source>Model {name}</source>
        <translation>Modell {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="156"/>
        <source>Buildings {name}</source>
        <translation>Gebäude {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="161"/>
        <source>Terrain {name}</source>
        <translation>Gelände {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="182"/>
        <source>{count} things in it are no points, lines or polygons</source>
        <translation>{count} Objekte darin sind keine Punkte, Linien oder Polygone</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="187"/>
        <source>Drawing {name}</source>
        <translation>Zeichnung {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="199"/>
        <source>placed by the ordered area, not georeferenced by the service</source>
        <translation>anhand des bestellten Gebiets platziert, nicht vom Dienst georeferenziert</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="201"/>
        <source>not placed: the service does not georeference it, and the ordered area is not known</source>
        <translation>nicht platziert: nicht vom Dienst georeferenziert, und das bestellte Gebiet ist nicht bekannt</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="204"/>
        <source>not placed: the service does not georeference it, and it does not have the size of the ordered area</source>
        <translation>nicht platziert: nicht vom Dienst georeferenziert und nicht so groß wie das bestellte Gebiet</translation>
    </message>
</context>
<context>
    <name>Needs</name>
    <message>
        <location filename="../bridge/needs.py" line="17"/>
        <source>Cutout needs the Python package {names}, which this QGIS does not have. On Debian and Ubuntu install python3-{first}; on Windows choose python3-{first} in the OSGeo4W setup; elsewhere run “python3 -m pip install {all}” with the Python of QGIS. Then start QGIS again.</source>
        <translation>Cutout benötigt das Python-Paket {names}, das diesem QGIS fehlt. Installieren Sie unter Debian und Ubuntu python3-{first}; wählen Sie unter Windows python3-{first} im OSGeo4W-Setup; führen Sie sonst „python3 -m pip install {all}“ mit dem Python von QGIS aus. Starten Sie QGIS danach neu.</translation>
    </message>
</context>
<context>
    <name>Probe</name>
    <message>
        <location filename="../bridge/probe.py" line="60"/>
        <source>there is no layer in it</source>
        <translation>die Datei enthält keinen Layer</translation>
    </message>
    <message>
        <location filename="../bridge/untrusted.py" line="66"/>
        <source>it is damaged, or in a format that this QGIS does not read</source>
        <translation>die Datei ist beschädigt oder in einem Format, das dieses QGIS nicht liest</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="91"/>
        <source>QGIS would read it as {format}, which may lead to other files or servers</source>
        <translation>QGIS würde die Datei als {format} lesen, was zu anderen Dateien oder Servern führen kann</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="104"/>
        <source>it is a picture without a position on the map</source>
        <translation>die Datei ist ein Bild ohne Georeferenzierung</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="153"/>
        <source>{count} features of “{layer}” are collections of geometries, which QGIS does not draw</source>
        <translation>{count} Objekte von „{layer}“ sind Geometriesammlungen, die QGIS nicht darstellt</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="202"/>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="203"/>
        <source>lines</source>
        <translation>Linien</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="204"/>
        <source>polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="210"/>
        <source>it is damaged: {reason}</source>
        <translation>die Datei ist beschädigt: {reason}</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="139"/>
        <source>“{layer}” has a “|” in its name, so QGIS can't open it</source>
        <translation>„{layer}“ hat ein „|“ im Namen, deshalb kann QGIS es nicht öffnen</translation>
    </message>
    <message>
        <location filename="../bridge/untrusted.py" line="46"/>
        <source>its name has a “|”, which QGIS takes for the end of the name</source>
        <translation>der Name hat ein „|“, das QGIS für das Ende des Namens hält</translation>
    </message>
</context>
<context>
    <name>Provenance</name>
    <message>
        <location filename="../bridge/provenance.py" line="76"/>
        <source>Ordered from {service} at {server}.</source>
        <translation>Bestellt bei {service} auf {server}.</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="81"/>
        <source>Job there: {ids}</source>
        <translation>Auftrag dort: {ids}</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="84"/>
        <source>Ordered: {options}</source>
        <translation>Bestellt: {options}</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="90"/>
        <source>Ordered {time}</source>
        <translation>Bestellt am {time}</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="92"/>
        <source>Arrived {time}</source>
        <translation>Eingetroffen am {time}</translation>
    </message>
</context>
<context>
    <name>References</name>
    <message>
        <location filename="../bridge/references.py" line="103"/>
        <source>it is not a tileset</source>
        <translation>die Datei ist kein Tileset</translation>
    </message>
    <message>
        <location filename="../bridge/references.py" line="203"/>
        <source>it refers to “{name}”, which is no file of this job, so it is not opened</source>
        <translation>die Datei verweist auf „{name}“, das nicht zu den Dateien dieser Bestellung gehört, und wird daher nicht geöffnet</translation>
    </message>
</context>
<context>
    <name>Scenes</name>
    <message>
        <location filename="../bridge/scenes.py" line="27"/>
        <source>QGIS shows 3D Tiles from version 3.34 on; the files stay in the folder</source>
        <translation>QGIS zeigt 3D Tiles ab Version 3.34; die Dateien bleiben im Ordner</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="47"/>
        <source>the model has no geolocation, so it does not lie where it belongs</source>
        <translation>das Modell ist nicht georeferenziert und liegt daher nicht dort, wo es hingehört</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="52"/>
        <source>QGIS does not show its tiles with implicit tiling</source>
        <translation>QGIS zeigt die Kacheln mit impliziter Unterteilung (implicit tiling) nicht an</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="54"/>
        <source>QGIS does not show its tiles with several contents</source>
        <translation>QGIS zeigt die Kacheln mit mehreren Inhalten (multiple contents) nicht an</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="76"/>
        <source>“{file}” is damaged: {reason}</source>
        <translation>„{file}“ ist beschädigt: {reason}</translation>
    </message>
</context>
<context>
    <name>Survey</name>
    <message>
        <location filename="../bridge/survey.py" line="168"/>
        <source>it is a link that leads out of the job&apos;s folder</source>
        <translation>die Datei ist eine Verknüpfung, die aus dem Ordner der Bestellung hinausführt</translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="176"/>
        <source>the file is empty</source>
        <translation>die Datei ist leer</translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="198"/>
        <source>{file} is not loaded: {reason}.</source>
        <translation>{file} wird nicht geladen: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="200"/>
        <source>{file} are not loaded: {reason}.</source>
        <translation>{file} werden nicht geladen: {reason}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/survey.py" line="202"/>
        <source>{file} and %n more are not loaded: {reason}.</source>
        <translation>
            <numerusform>{file} und %n weitere Datei werden nicht geladen: {reason}.</numerusform>
            <numerusform>{file} und %n weitere Dateien werden nicht geladen: {reason}.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="208"/>
        <source>“{layer}” has no features, there may be none in the area</source>
        <translation>„{layer}“ hat keine Objekte, im Gebiet gibt es eventuell keine</translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="65"/>
        <source>QGIS shows none of the files; they are in the folder.</source>
        <translation>QGIS zeigt keine der Dateien an; sie liegen im Ordner.</translation>
    </message>
</context>
<context>
    <name>Tiles</name>
    <message>
        <location filename="../bridge/scene_tree.py" line="98"/>
        <source>it does not say where it lies</source>
        <translation>in der Datei ist keine Lage angegeben</translation>
    </message>
    <message>
        <location filename="../bridge/scene_tree.py" line="129"/>
        <source>they are not of one kind</source>
        <translation>die Kacheln sind nicht von gleicher Art</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="44"/>
        <source>{count} tiles could not be joined to one layer a theme, so each is a layer: {reason}.</source>
        <translation>{count} Kacheln konnten nicht zu einem Layer je Thema zusammengefügt werden, daher ist jede ein eigener Layer: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_tables.py" line="131"/>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="50"/>
        <source>The tiles of “{layer}” have several CRS ({names}), so there is a layer for each.</source>
        <translation>Die Kacheln von „{layer}“ haben mehrere KBS ({names}), daher gibt es für jedes einen Layer.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_writing.py" line="63"/>
        <source>it ends too early</source>
        <translation>die Datei endet zu früh</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="71"/>
        <source>The {count} results of the areas could not be joined, so each is a layer: {reason}.</source>
        <translation>Die {count} Ergebnisse der Gebiete konnten nicht zusammengefügt werden, daher ist jedes ein eigener Layer: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="77"/>
        <source>“{layer}” came in several CRS ({names}), so there is a layer for each.</source>
        <translation>„{layer}“ kam in mehreren KBS ({names}), daher gibt es für jedes einen Layer.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="36"/>
        <source>{file} could not be joined with the other tiles of “{layer}”, so it is a layer of its own: {reason}.</source>
        <translation>{file} konnte nicht mit den anderen Kacheln von „{layer}“ zusammengefügt werden und ist daher ein eigener Layer: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="63"/>
        <source>{file} could not be joined with “{layer}” of the other areas, so it is a layer of its own: {reason}.</source>
        <translation>{file} konnte nicht mit „{layer}“ der anderen Gebiete zusammengefügt werden und ist daher ein eigener Layer: {reason}.</translation>
    </message>
</context>
<context>
    <name>Together</name>
    <message>
        <location filename="../bridge/together.py" line="108"/>
        <source>several kinds of geometry are in one file</source>
        <translation>eine Datei enthält mehrere Geometrietypen</translation>
    </message>
    <message>
        <location filename="../bridge/together.py" line="110"/>
        <source>it is not placed on the map</source>
        <translation>die Lage auf der Karte ist nicht bekannt</translation>
    </message>
    <message>
        <location filename="../bridge/together.py" line="170"/>
        <source>a raster is not laid out with north at the top in a file of its own</source>
        <translation>ein Raster liegt nicht genordet in einer eigenen Datei vor</translation>
    </message>
    <message>
        <location filename="../bridge/together.py" line="179"/>
        <source>“{layer}” could not become one layer, so it is {count}: {reasons}.</source>
        <translation>„{layer}“ konnte nicht zu einem einzigen Layer zusammengefügt werden, daher sind es {count}: {reasons}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/together.py" line="222"/>
        <source>{jobs} and %n more</source>
        <translation>
            <numerusform>{jobs} und %n weiterer</numerusform>
            <numerusform>{jobs} und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Toolbox</name>
    <message>
        <location filename="../toolbox/algorithm.py" line="49"/>
        <source>Stopped. Nothing was ordered.</source>
        <translation>Abgebrochen. Es wurde nichts bestellt.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="88"/>
        <source>PER_FEATURE needs AREA, the features of which it orders for.</source>
        <translation>PER_FEATURE benötigt AREA: Bestellt wird für dessen Objekte.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="90"/>
        <source>An area is missing: give one of {names}.</source>
        <translation>Das Gebiet fehlt: eines von {names} angeben.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="120"/>
        <source>AREA: {layer} has no polygons.</source>
        <translation>AREA: {layer} hat keine Polygone.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="121"/>
        <source>Choose a polygon layer.</source>
        <translation>Einen Polygonlayer wählen.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="125"/>
        <source>AREA: Nothing is selected in {layer}.</source>
        <translation>AREA: In {layer} ist nichts gewählt.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="127"/>
        <source>AREA: {layer} has no features.</source>
        <translation>AREA: {layer} hat keine Objekte.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="148"/>
        <source>Feature {number} has no geometry.</source>
        <translation>Objekt {number} hat keine Geometrie.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="154"/>
        <source>The features of {layer} have no geometry.</source>
        <translation>Die Objekte von {layer} haben keine Geometrie.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="169"/>
        <source>EXTENT: “{value}” is not an extent.</source>
        <translation>EXTENT: „{value}“ ist keine Ausdehnung.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="170"/>
        <source>Write it like 174.7,174.8,-41.3,-41.2 [EPSG:4326].</source>
        <translation>In der Form 174.7,174.8,-41.3,-41.2 [EPSG:4326] angeben.</translation>
    </message>
    <message>
        <location filename="../toolbox/collect.py" line="41"/>
        <source>Collect what was ordered</source>
        <translation>Bestelltes abholen</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="54"/>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <location filename="../toolbox/collect.py" line="50"/>
        <source>job,order,export,download,resume,wait</source>
        <translation>Auftrag,Bestellung,Export,herunterladen,abholen,fortsetzen,warten</translation>
    </message>
    <message>
        <location filename="../toolbox/collect.py" line="53"/>
        <source>Waits for orders that were placed before, in the Cutout panel, by a model or by a script, fetches their files, and gives them back as layers. An order whose answer was lost is looked for at its service. Nothing is sent twice, and what has been fetched already is not fetched again.</source>
        <translation>Wartet auf Bestellungen, die schon im Bedienfeld Cutout, von einem Modell oder von einem Skript aufgegeben wurden, holt ihre Dateien ab und gibt sie als Layer zurück. Nach einer Bestellung, deren Antwort verloren ging, wird beim Dienst gesucht. Nichts wird doppelt gesendet, und was schon abgeholt ist, wird nicht noch einmal abgeholt.</translation>
    </message>
    <message>
        <location filename="../toolbox/collecting.py" line="102"/>
        <source>There is no job {keys} in this profile.</source>
        <translation>In diesem Profil gibt es keinen Auftrag {keys}.</translation>
    </message>
    <message>
        <location filename="../toolbox/collecting.py" line="102"/>
        <source>The Cutout panel lists the jobs there are.</source>
        <translation>Das Bedienfeld Cutout zeigt, welche Aufträge es gibt.</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="55"/>
        <source>Stopped.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="58"/>
        <source>TIMEOUT: {minutes} minutes are over.</source>
        <translation>TIMEOUT: Die Frist von {minutes} min ist abgelaufen.</translation>
    </message>
    <message numerus="yes">
        <location filename="../toolbox/following.py" line="168"/>
        <source>%n file(s).</source>
        <translation>
            <numerusform>%n Datei.</numerusform>
            <numerusform>%n Dateien.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="176"/>
        <source>JOB_ID {key} is {state}.</source>
        <translation>JOB_ID {key} hat den Status {state}.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="90"/>
        <source>neither it nor the project has a CRS. Add one, like [EPSG:2193].</source>
        <translation>weder hier noch im Projekt ist ein KBS angegeben. Eines anfügen, etwa [EPSG:2193].</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="94"/>
        <source>QGIS knows no CRS “{crs}”.</source>
        <translation>QGIS kennt kein KBS „{crs}“.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="99"/>
        <source>it must be a text.</source>
        <translation>der Wert muss ein Text sein.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="120"/>
        <source>“{value}” is neither true nor false.</source>
        <translation>„{value}“ ist weder true noch false.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="134"/>
        <source>“{value}” is none of {known}.</source>
        <translation>„{value}“ ist keiner der Werte {known}.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="141"/>
        <source>the CRS has no code of an authority, like EPSG:2193. Choose one that has.</source>
        <translation>das KBS hat keine Autoritätskennung wie EPSG:2193. Eines mit Kennung wählen.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="150"/>
        <source>“{value}” is no point. Write it like 16.37,48.21 [EPSG:4326].</source>
        <translation>„{value}“ ist kein Punkt. In der Form 16.37,48.21 [EPSG:4326] angeben.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="160"/>
        <source>“{value}” is not on the Earth, in {crs}.</source>
        <translation>„{value}“ liegt in {crs} nicht auf der Erde.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="182"/>
        <source> from {low:g} to {high:g}</source>
        <translation> von {low:g} bis {high:g}</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="184"/>
        <source> of at least {low:g}</source>
        <translation> von mindestens {low:g}</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="185"/>
        <source>“{value}” is not a whole number{limits}.</source>
        <translation>„{value}“ ist keine ganze Zahl{limits}.</translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="186"/>
        <source>“{value}” is not a number{limits}.</source>
        <translation>„{value}“ ist keine Zahl{limits}.</translation>
    </message>
    <message>
        <location filename="../toolbox/lots.py" line="38"/>
        <source>Feature {number}: {text}</source>
        <translation>Objekt {number}: {text}</translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="42"/>
        <source>Instead of AREA or EXTENT.</source>
        <translation>Anstelle von AREA oder EXTENT.</translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="44"/>
        <source>Only for {kind} data.</source>
        <translation>Nur für Daten der Art {kind}.</translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="46"/>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="47"/>
        <source>Only with {parameters}.</source>
        <translation>Nur mit {parameters}.</translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="49"/>
        <source>In {unit}.</source>
        <translation>In {unit}.</translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="49"/>
        <source>Order from {service}</source>
        <translation>Bei {service} bestellen</translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="52"/>
        <source>Order</source>
        <translation>Bestellen</translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="59"/>
        <source>order,export,download,area,clip,geodata</source>
        <translation>Bestellung,Export,herunterladen,Gebiet,zuschneiden,Geodaten</translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="63"/>
        <source>Orders from {service} for an area, waits for the files, and gives them back as layers. The order is in the list of the Cutout panel too, and outlives this run: cutout:collect goes on with it. Nothing is sent twice. It {cost} money; DRY_RUN tells what the service says beforehand.</source>
        <translation>Bestellt bei {service} für ein Gebiet, wartet auf die Dateien und gibt sie als Layer zurück. Die Bestellung steht auch in der Liste des Bedienfelds Cutout und überdauert diesen Lauf: Mit cutout:collect geht es weiter. Nichts wird doppelt gesendet. Die Bestellung {cost}; DRY_RUN gibt vorab an, was der Dienst dazu sagt.</translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="69"/>
        <source>may cost</source>
        <translation>kann Geld kosten</translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="69"/>
        <source>costs no</source>
        <translation>kostet kein Geld</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="54"/>
        <source>The JOB_ID of the order, or several, separated by commas.</source>
        <translation>Die JOB_ID der Bestellung oder mehrere, durch Kommas getrennt.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="184"/>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="60"/>
        <source>Where the files go, in a folder for each job. Empty: where they were to go.</source>
        <translation>Wohin die Dateien kommen, in je einen Ordner für jeden Auftrag. Leer: an den bisher vorgesehenen Ort.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="69"/>
        <source>Layers</source>
        <translation>Layer</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="70"/>
        <source>Jobs, separated by commas</source>
        <translation>Aufträge, durch Kommas getrennt</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="71"/>
        <source>State of each job, separated by commas</source>
        <translation>Status jedes Auftrags, durch Kommas getrennt</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="72"/>
        <source>Area in km²</source>
        <translation>Fläche in km²</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="73"/>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="74"/>
        <source>Currency</source>
        <translation>Währung</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="81"/>
        <source>One of AREA, EXTENT{instead} is needed.</source>
        <translation>Eines von AREA, EXTENT{instead} ist erforderlich.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="81"/>
        <source>AREA or EXTENT, or neither.</source>
        <translation>AREA oder EXTENT oder keines von beiden.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="86"/>
        <source>Area</source>
        <translation>Gebiet</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="89"/>
        <source>Area as an extent</source>
        <translation>Gebiet als Ausdehnung</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="90"/>
        <source>One order for each feature</source>
        <translation>Eine Bestellung für jedes Objekt</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="92"/>
        <source>Polygons. All of them are one area, unless PER_FEATURE is set.</source>
        <translation>Polygone. Alle zusammen sind ein Gebiet, außer wenn PER_FEATURE gesetzt ist.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="93"/>
        <source>A rectangle: west,east,south,north [EPSG:4326]. West may be greater than east, for an area over the antimeridian. Without a CRS it is in that of the project.</source>
        <translation>Ein Rechteck: West,Ost,Süd,Nord [EPSG:4326]. West darf größer sein als Ost, für ein Gebiet über den 180. Längengrad hinweg. Ohne KBS gilt das des Projekts.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="102"/>
        <source>An order for each feature of AREA, instead of one for all of them.</source>
        <translation>Je eine Bestellung für jedes Objekt von AREA statt einer für alle zusammen.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="116"/>
        <source>The address of the service: {known}, or another one of its kind.</source>
        <translation>Die Adresse des Dienstes: {known} oder eine andere seiner Art.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="117"/>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="127"/>
        <source>Authentication</source>
        <translation>Authentifizierung</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="133"/>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="133"/>
        <source>The title of the order, from which the folder and the layers have their names. Expressions over the feature may stand in it: [% &quot;name&quot; %].</source>
        <translation>Der Titel der Bestellung, nach dem Ordner und Layer benannt werden. Er darf Ausdrücke über das Objekt enthalten: [% &quot;name&quot; %].</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="144"/>
        <source>Only check and price it</source>
        <translation>Nur prüfen und Preis ermitteln</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="145"/>
        <source>Merge what the orders bring</source>
        <translation>Ergebnisse der Bestellungen zusammenführen</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="148"/>
        <source>Says what it would cost and every problem, and orders nothing.</source>
        <translation>Gibt an, was es kosten würde und welche Probleme es gibt, und bestellt nichts.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="151"/>
        <source>Layers of one theme that several orders have brought become one layer.</source>
        <translation>Layer eines Themas aus mehreren Bestellungen werden zu einem Layer.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="160"/>
        <source>Clip to the area</source>
        <translation>Auf das Gebiet zuschneiden</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="161"/>
        <source>Cuts what comes to the area exactly.</source>
        <translation>Schneidet das Gelieferte genau auf das Gebiet zu.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="165"/>
        <source>Wait for the files</source>
        <translation>Auf die Dateien warten</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="166"/>
        <source>Otherwise it ends once the service has the order, which can be collected by JOB_ID.</source>
        <translation>Sonst endet der Lauf, sobald der Dienst die Bestellung hat; mit der JOB_ID kann sie abgeholt werden.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="174"/>
        <source>Longest wait (minutes)</source>
        <translation>Längste Wartezeit (Minuten)</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="175"/>
        <source>After so many minutes it ends with an error; the order goes on and can be collected.</source>
        <translation>Nach so vielen Minuten endet der Lauf mit einem Fehler; die Bestellung läuft weiter und kann abgeholt werden.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="185"/>
        <source>Where the files go, in a folder for each order. Empty: {folder}.</source>
        <translation>Wohin die Dateien kommen, in je einen Ordner für jede Bestellung. Leer: {folder}.</translation>
    </message>
    <message>
        <location filename="../toolbox/titles.py" line="50"/>
        <source>there is no such field</source>
        <translation>ein solches Feld gibt es nicht</translation>
    </message>
    <message>
        <location filename="../toolbox/titles.py" line="51"/>
        <source>“{expression}” can't be worked out: {reason}.</source>
        <translation>„{expression}“ kann nicht ausgewertet werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/share.py" line="67"/>
        <source>It was taken out of the list of jobs.</source>
        <translation>Der Auftrag wurde aus der Liste entfernt.</translation>
    </message>
    <message>
        <location filename="../bridge/runs.py" line="249"/>
        <source>It has not been ordered: cutout:collect does that, or “Check now” in the panel.</source>
        <translation>Es wurde noch nicht bestellt: Das erledigt cutout:collect oder „Jetzt prüfen“ im Bedienfeld.</translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="86"/>
        <source>Give only one of {names}.</source>
        <translation>Nur eines von {names} angeben.</translation>
    </message>
    <message>
        <location filename="../toolbox/collecting.py" line="144"/>
        <source>{folder} is inside the folder of “{title}”.</source>
        <translation>{folder} liegt im Ordner von „{title}“.</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="156"/>
        <source>about {size}</source>
        <translation>etwa {size}</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="157"/>
        <source>no price named</source>
        <translation>kein Preis genannt</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="159"/>
        <source>Nothing is ordered.</source>
        <translation>Es wird nichts bestellt.</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="178"/>
        <source>JOB_ID {key} has {state}.</source>
        <translation>JOB_ID {key} hat den Status {state}.</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="181"/>
        <source>It is kept: collect it later with cutout:collect, or see the Cutout panel.</source>
        <translation>Er bleibt erhalten: später mit cutout:collect abholen oder im Bedienfeld Cutout nachsehen.</translation>
    </message>
    <message>
        <location filename="../toolbox/ordering.py" line="77"/>
        <source>CLIP has no effect without AREA or EXTENT.</source>
        <translation>CLIP bleibt ohne AREA oder EXTENT ohne Wirkung.</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="122"/>
        <source>A QGIS authentication configuration. Empty: that of the account saved for SERVER, or what stands in the environment as {variables}.</source>
        <translation>Eine QGIS-Authentifizierungskonfiguration. Leer: die des für SERVER gespeicherten Kontos, oder was in der Umgebung als {variables} steht.</translation>
    </message>
    <message>
        <location filename="../toolbox/models/__init__.py" line="38"/>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="62"/>
        <source>Otherwise it only looks how far they are.</source>
        <translation>Sonst wird nur nachgesehen, wie weit sie sind.</translation>
    </message>
    <message>
        <location filename="../toolbox/consent.py" line="39"/>
        <source>The price was not agreed to. Nothing was ordered.</source>
        <translation>Dem Preis wurde nicht zugestimmt. Nichts wurde bestellt.</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="192"/>
        <source>The order goes on at the service and may be charged.</source>
        <translation>Die Bestellung läuft beim Dienst weiter und kann berechnet werden.</translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="193"/>
        <source>The order goes on at the service.</source>
        <translation>Die Bestellung läuft beim Dienst weiter.</translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="70"/>
        <source>In QGIS you are asked once, with the sum, before anything that costs money is ordered. With qgis_process nobody is asked: the command is the consent.</source>
        <translation>In QGIS werden Sie einmal und mit der Summe gefragt, bevor etwas bestellt wird, das Geld kostet. Mit qgis_process wird niemand gefragt: Der Befehl ist die Zustimmung.</translation>
    </message>
</context>
</TS>
