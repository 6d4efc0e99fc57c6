<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Arrivals</name>
    <message numerus="yes">
        <location filename="../bridge/arrivals.py" line="57"/>
        <source>“{title}” has arrived: %n layer(s).</source>
        <translation>
            <numerusform>„{title}“ ist eingetroffen: %n Layer.</numerusform>
            <numerusform>„{title}“ ist eingetroffen: %n Layer.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/arrivals.py" line="45"/>
        <source>Look through {title}</source>
        <translation>{title} durchsehen</translation>
    </message>
</context>
<context>
    <name>Cover</name>
    <message>
        <location filename="../toolbox/cover.py" line="42"/>
        <source>Replaces each polygon by one that covers it and has no more than the given number of vertices, so that a service with a limit takes it and nothing of the area is lost. The attribute extra_pct says by how many percent the area grows. The result is in EPSG:4326.</source>
        <translation>Ersetzt jedes Polygon durch eines, das es überdeckt und höchstens die angegebene Zahl von Stützpunkten hat, sodass ein Dienst mit einer Obergrenze es annimmt und nichts vom Gebiet verloren geht. Das Attribut extra_pct gibt an, um wie viel Prozent die Fläche wächst. Das Ergebnis ist in EPSG:4326.</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="39"/>
        <source>Cover polygons with fewer vertices</source>
        <translation>Polygone mit weniger Stützpunkten überdecken</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="54"/>
        <source>Polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="55"/>
        <source>Most vertices, closing ones included</source>
        <translation>Höchstzahl der Stützpunkte, Schlusspunkte eingeschlossen</translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="64"/>
        <source>Cover</source>
        <translation>Überdeckung</translation>
    </message>
</context>
<context>
    <name>CutoutAccount</name>
    <message>
        <location filename="../ui/account_dialog.py" line="132"/>
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
        <location filename="../ui/account_dialog.py" line="105"/>
        <source>Optional: how to call it in the list</source>
        <translation>Optional: Name in der Liste</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="106"/>
        <source>Send the key unencrypted (plain http)</source>
        <translation>Schlüssel unverschlüsselt senden (einfaches http)</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="108"/>
        <source>Anybody between here and the server can read the key.</source>
        <translation>Der Schlüssel kann auf dem Weg zum Server mitgelesen werden.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="116"/>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="117"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="148"/>
        <source>Choose, or type the site&apos;s address</source>
        <translation>Wählen oder Adresse der Website eingeben</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="179"/>
        <source>Enter the address of the server first.</source>
        <translation>Geben Sie zuerst die Adresse des Servers ein.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="188"/>
        <source>QGIS keeps it encrypted, and may ask for your master password.</source>
        <translation>QGIS speichert die Zugangsdaten verschlüsselt und fragt eventuell nach Ihrem Masterpasswort.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="189"/>
        <source>Make one here: {link}.</source>
        <translation>Hier erstellen: {link}.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="219"/>
        <source>Asking {host}…</source>
        <translation>{host} wird abgefragt…</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="174"/>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="173"/>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="172"/>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="105"/>
        <source>Enter the credentials first.</source>
        <translation>Geben Sie zuerst die Zugangsdaten ein.</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="125"/>
        <source>Leave empty to keep the saved one</source>
        <translation>Leer lassen, um den gespeicherten Wert zu behalten</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="198"/>
        <source>Register a native application (PKCE): it has a client id and no secret.</source>
        <translation>Registrieren Sie eine native Anwendung (PKCE): Diese hat eine Client-ID und kein Clientgeheimnis.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="199"/>
        <source>Register a web application with a secret: without one it takes QGIS 3.34.</source>
        <translation>Registrieren Sie eine Webanwendung mit Clientgeheimnis: Ohne dieses ist QGIS 3.34 erforderlich.</translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="213"/>
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
        <location filename="../ui/credential_fields.py" line="160"/>
        <source>E-mail and password</source>
        <translation>E-Mail und Passwort</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="172"/>
        <source>Share key</source>
        <translation>Freigabeschlüssel</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="162"/>
        <source>Client id and secret of a service application</source>
        <translation>Client-ID und Clientgeheimnis einer Dienstanwendung</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="163"/>
        <source>Web browser (OAuth2)</source>
        <translation>Webbrowser (OAuth2)</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="164"/>
        <source>An auth config of QGIS</source>
        <translation>Authentifizierungskonfiguration von QGIS</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="171"/>
        <source>Client id</source>
        <translation>Client-ID</translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="171"/>
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
        <location filename="../ui/dock.py" line="70"/>
        <source>“{title}” is ordered. Go on working: its layers come by themselves.</source>
        <translation>„{title}“ ist bestellt. Sie können weiterarbeiten: Die Layer kommen von selbst.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="54"/>
        <source>The name of the layer group and of the folder</source>
        <translation>Name der Layergruppe und des Ordners</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="56"/>
        <source>Order</source>
        <translation>Bestellen</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="90"/>
        <source>Area</source>
        <translation>Gebiet</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="93"/>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="164"/>
        <source>The key is locked away in QGIS, which asks for your master password.</source>
        <translation>Der Schlüssel ist in QGIS verschlossen. Zum Entsperren fragt QGIS nach Ihrem Masterpasswort.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="165"/>
        <source>Unlock…</source>
        <translation>Entsperren…</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="186"/>
        <source>Optional</source>
        <translation>Optional</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="193"/>
        <source>Add an account first.</source>
        <translation>Fügen Sie zuerst ein Konto hinzu.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="195"/>
        <source>Measuring the area…</source>
        <translation>Gebiet wird ermittelt…</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="219"/>
        <source>Unlock the account first.</source>
        <translation>Entsperren Sie zuerst das Konto.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="224"/>
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
        <location filename="../ui/dock.py" line="71"/>
        <source>%n orders are placed. Go on working: their layers come by themselves.</source>
        <translation>
            <numerusform>%n Bestellung ist aufgegeben. Sie können weiterarbeiten: Die Layer kommen von selbst.</numerusform>
            <numerusform>%n Bestellungen sind aufgegeben. Sie können weiterarbeiten: Die Layer kommen von selbst.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="161"/>
        <source>QGIS opens your web browser, where you sign in.</source>
        <translation>QGIS öffnet Ihren Webbrowser, in dem Sie sich anmelden.</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="162"/>
        <source>Sign in…</source>
        <translation>Anmelden…</translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="218"/>
        <source>Sign in first.</source>
        <translation>Melden Sie sich zuerst an.</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/order_form.py" line="241"/>
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
        <location filename="../ui/figures.py" line="17"/>
        <source>{figure} m²</source>
        <translation>{figure} m²</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="19"/>
        <source>{figure} km²</source>
        <translation>{figure} km²</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="23"/>
        <source>%Ln vertices</source>
        <translation>
            <numerusform>%Ln Stützpunkt</numerusform>
            <numerusform>%Ln Stützpunkte</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="34"/>
        <source>price not named</source>
        <translation>Preis nicht angegeben</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="36"/>
        <source>free</source>
        <translation>kostenlos</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="52"/>
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="54"/>
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="56"/>
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="57"/>
        <source>%n d</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tagen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="62"/>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="63"/>
        <source>{span} ago</source>
        <translation>vor {span}</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="74"/>
        <source>{figure} %</source>
        <translation>{figure} %</translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="46"/>
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
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Zoom to area</source>
        <translation>Auf Gebiet zoomen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Look again</source>
        <translation>Erneut nachsehen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Send again…</source>
        <translation>Erneut senden…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Load layers</source>
        <translation>Layer laden</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Check now</source>
        <translation>Jetzt prüfen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Cancel…</source>
        <translation>Abbrechen…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Order again…</source>
        <translation>Erneut bestellen…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Details…</source>
        <translation>Details…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Copy message</source>
        <translation>Meldung kopieren</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Remove from list…</source>
        <translation>Aus Liste entfernen…</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="125"/>
        <source>“{title}” may have been accepted. If it was, it may be charged twice.</source>
        <translation>„{title}“ wurde möglicherweise schon angenommen. Dann können die Kosten doppelt anfallen.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="126"/>
        <source>Send again</source>
        <translation>Erneut senden</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="131"/>
        <source>Stop the download of “{title}”? What it may have cost is not given back.</source>
        <translation>Das Herunterladen von „{title}“ abbrechen? Eventuell entstandene Kosten werden nicht erstattet.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="133"/>
        <source>Cancel “{title}” at the service?</source>
        <translation>„{title}“ beim Dienst abbrechen?</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="134"/>
        <source>Cancel the order</source>
        <translation>Bestellung abbrechen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="138"/>
        <source>Order “{title}” once more, with the same area and options?</source>
        <translation>„{title}“ mit demselben Gebiet und denselben Optionen noch einmal bestellen?</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="140"/>
        <source>Order “{title}” once more? It may be charged again.</source>
        <translation>„{title}“ noch einmal bestellen? Es können erneut Kosten anfallen.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="141"/>
        <source>Order again</source>
        <translation>Erneut bestellen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="146"/>
        <source>Forget “{title}”? It goes on at the service, and nobody fetches its files.</source>
        <translation>„{title}“ vergessen? Die Bestellung läuft beim Dienst weiter, und niemand holt ihre Dateien ab.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="148"/>
        <source>Forget “{title}”? If the service accepted it, nobody fetches its files.</source>
        <translation>„{title}“ vergessen? Falls der Dienst die Bestellung angenommen hat, holt niemand ihre Dateien ab.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="150"/>
        <source>Take “{title}” out of the list? Files and layers stay.</source>
        <translation>„{title}“ aus der Liste entfernen? Dateien und Layer bleiben erhalten.</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="151"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="156"/>
        <source>The folder can&apos;t be opened: {folder}</source>
        <translation>Der Ordner kann nicht geöffnet werden: {folder}</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="181"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="183"/>
        <source>This service can&apos;t cancel: the order goes on and may be charged.</source>
        <translation>Bei diesem Dienst kann nicht abgebrochen werden: Die Bestellung läuft weiter und kann Kosten verursachen.</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="19"/>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="22"/>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="55"/>
        <source>Nothing ordered yet. Orders go on in the background and stay here.</source>
        <translation>Noch nichts bestellt. Bestellungen laufen im Hintergrund weiter und bleiben hier stehen.</translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="66"/>
        <source>Orders</source>
        <translation>Bestellungen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="19"/>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="21"/>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="22"/>
        <source>Ordering</source>
        <translation>Wird bestellt</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="23"/>
        <source>Queued</source>
        <translation>In Warteschlange</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="24"/>
        <source>Running</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="25"/>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="26"/>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="27"/>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="28"/>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="29"/>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="30"/>
        <source>Uncertain</source>
        <translation>Ungewiss</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="42"/>
        <source>downloading {percent}</source>
        <translation>Herunterladen {percent}</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="46"/>
        <source>next look in {span}</source>
        <translation>nächste Prüfung in {span}</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="46"/>
        <source>looking now</source>
        <translation>wird geprüft</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/job_text.py" line="56"/>
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="81"/>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="82"/>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="83"/>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="84"/>
        <source>The service&apos;s word</source>
        <translation>Status laut Dienst</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="85"/>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="86"/>
        <source>Ordered</source>
        <translation>Bestellt</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="87"/>
        <source>Last news</source>
        <translation>Letzte Nachricht</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="88"/>
        <source>Next look</source>
        <translation>Nächste Prüfung</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="89"/>
        <source>Finished</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="90"/>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="94"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="95"/>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="96"/>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="97"/>
        <source>Id at the service</source>
        <translation>ID beim Dienst</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="98"/>
        <source>Option</source>
        <translation>Option</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="99"/>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="100"/>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="101"/>
        <source>Layer</source>
        <translation>Layer</translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="102"/>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="20"/>
        <source>Folder for files…</source>
        <translation>Ordner für Dateien…</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="26"/>
        <source>Files are saved in {folder}. Click to choose another folder.</source>
        <translation>Dateien werden in {folder} gespeichert. Klicken, um einen anderen Ordner zu wählen.</translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="30"/>
        <source>Folder for the files of new orders</source>
        <translation>Ordner für die Dateien neuer Bestellungen</translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="184"/>
        <source>This service can&apos;t cancel: the order goes on.</source>
        <translation>Dieser Dienst kann nicht abbrechen: Der Auftrag läuft weiter.</translation>
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
        <location filename="../plugin.py" line="54"/>
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
        <location filename="../ui/judging.py" line="64"/>
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
        <location filename="../ui/questions.py" line="26"/>
        <source>Go back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="40"/>
        <source>Order {what} from {service} ({server})?
Area: {area}
Price: {price}</source>
        <translation>{what} bei {service} ({server}) bestellen?
Gebiet: {area}
Preis: {price}</translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="50"/>
        <source>Order</source>
        <translation>Bestellen</translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/questions.py" line="48"/>
        <source>These are %n orders, one for each part.</source>
        <translation>
            <numerusform>Das ist %n Bestellung, eine für jeden Teil.</numerusform>
            <numerusform>Das sind %n Bestellungen, eine für jeden Teil.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="40"/>
        <source>not named</source>
        <translation>nicht genannt</translation>
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
        <location filename="../bridge/jobs.py" line="168"/>
        <source>Ask {server}</source>
        <translation>{server} abfragen</translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="177"/>
        <source>Download {title}</source>
        <translation>{title} herunterladen</translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="234"/>
        <source>The download was stopped. What has come is kept; “Check now” goes on with it.</source>
        <translation>Das Herunterladen wurde abgebrochen. Was schon da ist, bleibt erhalten; mit „Jetzt prüfen“ geht es weiter.</translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="295"/>
        <source>Orders wait for QGIS's master password. Press “Check now” in the Cutout panel.</source>
        <translation>Bestellungen warten auf das Masterpasswort von QGIS. Drücken Sie „Jetzt prüfen“ im Bedienfeld Cutout.</translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="311"/>
        <source>Orders from {server} wait for you to sign in. Press “Check now” in the panel.</source>
        <translation>Aufträge bei {server} warten auf Ihre Anmeldung. Drücken Sie „Jetzt prüfen“ im Bedienfeld.</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <location filename="../bridge/layers.py" line="106"/>
        <source>Open {name}</source>
        <translation>{name} öffnen</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="108"/>
        <source>it was stopped</source>
        <translation>der Vorgang wurde abgebrochen</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="168"/>
        <source>“{name}” could not be opened: {reason}.</source>
        <translation>„{name}“ konnte nicht geöffnet werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="168"/>
        <source>QGIS gives no reason</source>
        <translation>QGIS nennt keinen Grund</translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="180"/>
        <source>The project was closed before the layers of “{title}” were in it. Load the job again.</source>
        <translation>Das Projekt wurde geschlossen, bevor die Layer von „{title}“ darin waren. Laden Sie die Layer der Bestellung erneut.</translation>
    </message>
</context>
<context>
    <name>Merge</name>
    <message>
        <location filename="../bridge/mosaics.py" line="93"/>
        <source>{count} sheets could not be joined to one raster, so each is a layer: {reason}</source>
        <translation>{count} Kacheln konnten nicht zu einem Raster zusammengefügt werden, daher ist jede ein eigener Layer: {reason}</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <location filename="../bridge/models.py" line="107"/>
        <source>it is a link that leads out of the job&apos;s folder</source>
        <translation>die Datei ist eine Verknüpfung, die aus dem Ordner der Bestellung hinausführt</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="140"/>
        <source>not placed</source>
        <translation>nicht platziert</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="151"/>
        <source>Model {name}</source>
        <translation>Modell {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="154"/>
        <source>Buildings {name}</source>
        <translation>Gebäude {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="159"/>
        <source>Terrain {name}</source>
        <translation>Gelände {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="180"/>
        <source>{count} things in it are no points, lines or polygons</source>
        <translation>{count} Objekte darin sind keine Punkte, Linien oder Polygone</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="185"/>
        <source>Drawing {name}</source>
        <translation>Zeichnung {name}</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="197"/>
        <source>placed by the ordered area, not georeferenced by the service</source>
        <translation>anhand des bestellten Gebiets platziert, nicht vom Dienst georeferenziert</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="199"/>
        <source>not placed: the service does not georeference it, and the ordered area is not known</source>
        <translation>nicht platziert: nicht vom Dienst georeferenziert, und das bestellte Gebiet ist nicht bekannt</translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="202"/>
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
        <location filename="../bridge/probe.py" line="64"/>
        <source>there is no layer in it</source>
        <translation>die Datei enthält keinen Layer</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="78"/>
        <source>it is damaged, or in a format that this QGIS does not read</source>
        <translation>die Datei ist beschädigt oder in einem Format, das dieses QGIS nicht liest</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="82"/>
        <source>QGIS would read it as {format}, which may lead to other files or servers</source>
        <translation>QGIS würde die Datei als {format} lesen, was zu anderen Dateien oder Servern führen kann</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="94"/>
        <source>it is a picture without a position on the map</source>
        <translation>die Datei ist ein Bild ohne Georeferenzierung</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="138"/>
        <source>{count} features of “{layer}” are collections of geometries, which QGIS does not draw</source>
        <translation>{count} Objekte von „{layer}“ sind Geometriesammlungen, die QGIS nicht darstellt</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="187"/>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="188"/>
        <source>lines</source>
        <translation>Linien</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="189"/>
        <source>polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="195"/>
        <source>it is damaged: {reason}</source>
        <translation>die Datei ist beschädigt: {reason}</translation>
    </message>
</context>
<context>
    <name>Provenance</name>
    <message>
        <location filename="../bridge/provenance.py" line="56"/>
        <source>Ordered from {service} at {server}.</source>
        <translation>Bestellt bei {service} auf {server}.</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="61"/>
        <source>Job there: {ids}</source>
        <translation>Auftrag dort: {ids}</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="64"/>
        <source>Ordered: {options}</source>
        <translation>Bestellt: {options}</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="70"/>
        <source>Ordered {time}</source>
        <translation>Bestellt am {time}</translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="72"/>
        <source>Arrived {time}</source>
        <translation>Eingetroffen am {time}</translation>
    </message>
</context>
<context>
    <name>References</name>
    <message>
        <location filename="../bridge/references.py" line="78"/>
        <source>it is not a tileset</source>
        <translation>die Datei ist kein Tileset</translation>
    </message>
    <message>
        <location filename="../bridge/references.py" line="165"/>
        <source>it refers to “{name}”, which is no file of this job, so it is not opened</source>
        <translation>die Datei verweist auf „{name}“, das nicht zu den Dateien dieser Bestellung gehört, und wird daher nicht geöffnet</translation>
    </message>
</context>
<context>
    <name>Scenes</name>
    <message>
        <location filename="../bridge/scenes.py" line="26"/>
        <source>QGIS shows 3D Tiles from version 3.34 on; the files stay in the folder</source>
        <translation>QGIS zeigt 3D Tiles ab Version 3.34; die Dateien bleiben im Ordner</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="46"/>
        <source>the model has no geolocation, so it does not lie where it belongs</source>
        <translation>das Modell ist nicht georeferenziert und liegt daher nicht dort, wo es hingehört</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="51"/>
        <source>QGIS does not show its tiles with implicit tiling</source>
        <translation>QGIS zeigt die Kacheln mit impliziter Unterteilung (implicit tiling) nicht an</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="53"/>
        <source>QGIS does not show its tiles with several contents</source>
        <translation>QGIS zeigt die Kacheln mit mehreren Inhalten (multiple contents) nicht an</translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="75"/>
        <source>“{file}” is damaged: {reason}</source>
        <translation>„{file}“ ist beschädigt: {reason}</translation>
    </message>
</context>
<context>
    <name>Survey</name>
    <message>
        <location filename="../bridge/survey.py" line="157"/>
        <source>it is a link that leads out of the job&apos;s folder</source>
        <translation>die Datei ist eine Verknüpfung, die aus dem Ordner der Bestellung hinausführt</translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="163"/>
        <source>the file is empty</source>
        <translation>die Datei ist leer</translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="197"/>
        <source>{file} is not loaded: {reason}.</source>
        <translation>{file} wird nicht geladen: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="199"/>
        <source>{file} are not loaded: {reason}.</source>
        <translation>{file} werden nicht geladen: {reason}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/survey.py" line="201"/>
        <source>{file} and %n more are not loaded: {reason}.</source>
        <translation>
            <numerusform>{file} und %n weitere Datei werden nicht geladen: {reason}.</numerusform>
            <numerusform>{file} und %n weitere Dateien werden nicht geladen: {reason}.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="207"/>
        <source>“{layer}” has no features, there may be none in the area</source>
        <translation>„{layer}“ hat keine Objekte, im Gebiet gibt es eventuell keine</translation>
    </message>
</context>
<context>
    <name>Tiles</name>
    <message>
        <location filename="../bridge/scene_tree.py" line="96"/>
        <source>it does not say where it lies</source>
        <translation>in der Datei ist keine Lage angegeben</translation>
    </message>
    <message>
        <location filename="../bridge/scene_tree.py" line="127"/>
        <source>they are not of one kind</source>
        <translation>die Kacheln sind nicht von gleicher Art</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="30"/>
        <source>{file} could not be joined with the other tiles of “{layer}”, so it is a layer of its own: {reason}.</source>
        <translation>{file} konnte nicht mit den anderen Kacheln von „{layer}“ zusammengefügt werden und ist daher ein eigener Layer: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="37"/>
        <source>{count} tiles could not be joined to one layer a theme, so each is a layer: {reason}.</source>
        <translation>{count} Kacheln konnten nicht zu einem Layer je Thema zusammengefügt werden, daher ist jede ein eigener Layer: {reason}.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_tables.py" line="131"/>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <location filename="../bridge/tile_tables.py" line="137"/>
        <source>The tiles of “{layer}” have several CRS ({names}), so there is a layer for each.</source>
        <translation>Die Kacheln von „{layer}“ haben mehrere KBS ({names}), daher gibt es für jedes einen Layer.</translation>
    </message>
    <message>
        <location filename="../bridge/tile_writing.py" line="59"/>
        <source>it ends too early</source>
        <translation>die Datei endet zu früh</translation>
    </message>
</context>
</TS>
