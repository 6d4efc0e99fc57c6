<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Arrivals</name>
    <message numerus="yes">
        <location filename="../bridge/arrivals.py" line="70"/>
        <source>“{title}” has arrived: %n layer(s).</source>
        <translation>
            <numerusform>“{title}” has arrived: %n layer.</numerusform>
            <numerusform>“{title}” has arrived: %n layers.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/arrivals.py" line="55"/>
        <source>Look through {title}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Clip</name>
    <message>
        <location filename="../bridge/clip.py" line="124"/>
        <source>{layers} is not clipped: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="125"/>
        <source>{layers} are not clipped: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="129"/>
        <source>{layers} is not shown: nothing of it is in the area.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="130"/>
        <source>{layers} are not shown: nothing of them is in the area.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="133"/>
        <source>{layers} is empty: nothing of it is in the area.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="134"/>
        <source>{layers} are empty: nothing of them is in the area.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/clip.py" line="137"/>
        <source>%n feature(s) of “{layer}” can't be cut, so they are there as a whole.</source>
        <translation>
            <numerusform>%n feature of “{layer}” can't be cut, so it is there as a whole.</numerusform>
            <numerusform>%n features of “{layer}” can't be cut, so they are there as a whole.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/clip.py" line="153"/>
        <source>{layers} and %n more</source>
        <translation>
            <numerusform>{layers} and %n more</numerusform>
            <numerusform>{layers} and %n more</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="159"/>
        <source>a mesh can&apos;t be cut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip.py" line="160"/>
        <source>3D Tiles can&apos;t be cut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/reasons.py" line="21"/>
        <source>GDAL gives no reason</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClipArea</name>
    <message>
        <location filename="../bridge/clip_area.py" line="37"/>
        <source>its CRS is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip_area.py" line="42"/>
        <source>its CRS is not one of the Earth&apos;s surface</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip_area.py" line="156"/>
        <source>the area of the order can&apos;t be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip_area.py" line="219"/>
        <source>the area has no place in its CRS</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClipRasters</name>
    <message>
        <location filename="../bridge/clip_rasters.py" line="66"/>
        <source>its cells do not lie in rows on the map</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClipVectors</name>
    <message>
        <location filename="../bridge/clip_vectors.py" line="69"/>
        <source>surfaces in space can&apos;t be cut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/clip_vectors.py" line="189"/>
        <source>it was not written whole</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Cover</name>
    <message>
        <location filename="../toolbox/cover.py" line="50"/>
        <source>Replaces each polygon by one that covers it and has no more than the given number of vertices, so that a service with a limit takes it and nothing of the area is lost. The attribute extra_pct says by how many percent the area grows. The result is in EPSG:4326.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="38"/>
        <source>Cover polygons with fewer vertices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="62"/>
        <source>Polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="64"/>
        <source>Most vertices, closing ones included</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="70"/>
        <source>Cover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="41"/>
        <source>Areas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="47"/>
        <source>simplify,generalize,cover,vertices,area of interest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="63"/>
        <source>In any CRS. Each is covered by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="69"/>
        <source>1,000 is what Koordinates takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="71"/>
        <source>With the attributes of the polygons, vertices and extra_pct.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="94"/>
        <source>Stopped.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutAccount</name>
    <message>
        <location filename="../ui/account_dialog.py" line="133"/>
        <source>Test connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="53"/>
        <source>Edit account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="53"/>
        <source>Add account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="106"/>
        <source>Optional: how to call it in the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="107"/>
        <source>Send the key unencrypted (plain http)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="109"/>
        <source>Anybody between here and the server can read the key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="117"/>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="118"/>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="149"/>
        <source>Choose, or type the site&apos;s address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="181"/>
        <source>Enter the address of the server first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="190"/>
        <source>QGIS keeps it encrypted, and may ask for your master password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="191"/>
        <source>Make one here: {link}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="221"/>
        <source>Asking {host}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="180"/>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="179"/>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="178"/>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="105"/>
        <source>Enter the credentials first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="131"/>
        <source>Leave empty to keep the saved one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="200"/>
        <source>Register a native application (PKCE): it has a client id and no secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="201"/>
        <source>Register a web application with a secret: without one it takes QGIS 3.34.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="215"/>
        <source>QGIS signs in, maybe in your web browser…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Sign in with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Redirect address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="59"/>
        <source>Auth config</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="102"/>
        <source>Choose an auth config first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="166"/>
        <source>E-mail and password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="178"/>
        <source>Share key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="168"/>
        <source>Client id and secret of a service application</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="169"/>
        <source>Web browser (OAuth2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="170"/>
        <source>An auth config of QGIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="177"/>
        <source>Client id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="177"/>
        <source>Client secret</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutArea</name>
    <message>
        <location filename="../ui/area_picker.py" line="59"/>
        <source>Measure the area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="118"/>
        <source>Where the area comes from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="122"/>
        <source>Zoom to the area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="144"/>
        <source>Map canvas extent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="145"/>
        <source>Selected polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="146"/>
        <source>No area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="189"/>
        <source>The service is asked for everything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="188"/>
        <source>The whole model, wherever it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="210"/>
        <source>Not used: “{option}” says where.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_words.py" line="38"/>
        <source>the whole model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_words.py" line="39"/>
        <source>everything there is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/part_choice.py" line="40"/>
        <source>One polygon around everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/part_choice.py" line="44"/>
        <source>%n orders, one for each part</source>
        <translation>
            <numerusform>%n order, one for each part</numerusform>
            <numerusform>%n orders, one for each part</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutDock</name>
    <message>
        <location filename="../ui/account_picker.py" line="43"/>
        <source>Where to order from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="48"/>
        <source>The site and the key to order with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="79"/>
        <source>Service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="80"/>
        <source>Account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="88"/>
        <source>Add account…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="91"/>
        <source>Edit account…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="94"/>
        <source>Remove account…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="107"/>
        <source>Add, edit or remove an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="168"/>
        <source>Remove {account} and its key? Orders that still run can&apos;t be followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="171"/>
        <source>Remove account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="171"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="182"/>
        <source>To order from {service}, add an account with a key from the service.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="189"/>
        <source>More: {link}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dock.py" line="39"/>
        <source>Cutout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dock.py" line="71"/>
        <source>“{title}” is ordered. Go on working: its layers come by themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="56"/>
        <source>The name of the layer group and of the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="58"/>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="92"/>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="95"/>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="166"/>
        <source>The key is locked away in QGIS, which asks for your master password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="167"/>
        <source>Unlock…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="188"/>
        <source>Optional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="195"/>
        <source>Add an account first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="197"/>
        <source>Measuring the area…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="221"/>
        <source>Unlock the account first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="226"/>
        <source>Order what is described above</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/service_form.py" line="70"/>
        <source>{first} and %n more</source>
        <translation>
            <numerusform>{first} and %n more</numerusform>
            <numerusform>{first} and %n more</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="169"/>
        <source>Remove {account}? Orders that still run can&apos;t be followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/dock.py" line="72"/>
        <source>%n orders are placed. Go on working: their layers come by themselves.</source>
        <translation>
            <numerusform>%n order is placed. Go on working: its layers come by themselves.</numerusform>
            <numerusform>%n orders are placed. Go on working: their layers come by themselves.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="163"/>
        <source>QGIS opens your web browser, where you sign in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="164"/>
        <source>Sign in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="220"/>
        <source>Sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/order_form.py" line="244"/>
        <source>%n of these are ordered.</source>
        <translation>
            <numerusform>%n of these is ordered.</numerusform>
            <numerusform>%n of these are ordered.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="183"/>
        <source>To order from {service}, add an account of the service.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutFigures</name>
    <message>
        <location filename="../ui/figures.py" line="18"/>
        <source>{figure} m²</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="20"/>
        <source>{figure} km²</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="24"/>
        <source>%Ln vertices</source>
        <translation>
            <numerusform>%Ln vertex</numerusform>
            <numerusform>%Ln vertices</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="35"/>
        <source>price not named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="37"/>
        <source>free</source>
        <translation type="unfinished"></translation>
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
            <numerusform>%n d</numerusform>
            <numerusform>%n d</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="70"/>
        <source>just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="71"/>
        <source>{span} ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="82"/>
        <source>{figure} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="54"/>
        <source>You have {balance}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutItems</name>
    <message>
        <location filename="../ui/choice_delegate.py" line="31"/>
        <source>Vector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="32"/>
        <source>Imagery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="33"/>
        <source>Grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="34"/>
        <source>Attribute grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/choice_delegate.py" line="35"/>
        <source>Table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_field.py" line="48"/>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="71"/>
        <source>Search, or paste an id or address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="34"/>
        <source>Search results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="82"/>
        <source>Double click or Enter adds a row to the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="92"/>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="95"/>
        <source>Add the selected rows to the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="42"/>
        <source>What can be ordered shows here once the account is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="48"/>
        <source>Searching…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="53"/>
        <source>Nothing found. Try fewer or other words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/result_list.py" line="57"/>
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln found</numerusform>
            <numerusform>%Ln found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/result_list.py" line="59"/>
        <source>%Ln found, scroll for more</source>
        <translation>
            <numerusform>%Ln found, scroll for more</numerusform>
            <numerusform>%Ln found, scroll for more</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="64"/>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/picked_list.py" line="65"/>
        <source>Take {title} out of the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_field.py" line="106"/>
        <source>Search, or paste an id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_field.py" line="120"/>
        <source>Show what there is to choose for {option}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/result_list.py" line="52"/>
        <source>Nothing here yet. Choose first: {option}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutJobs</name>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Zoom to area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Send again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Load layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Check now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Cancel…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Order again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Details…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Copy message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="82"/>
        <source>Remove from list…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="145"/>
        <source>“{title}” may have been accepted. If it was, it may be charged twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="154"/>
        <source>Send again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="20"/>
        <source>Stop the download of “{title}”? What it may have cost is not given back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="23"/>
        <source>Cancel “{title}” at the service?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="158"/>
        <source>Cancel the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="162"/>
        <source>Order “{title}” once more, with the same area and options?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="165"/>
        <source>Order again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="47"/>
        <source>Take “{title}” out of the list? Files and layers stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="196"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="206"/>
        <source>The folder can&apos;t be opened: {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="54"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="56"/>
        <source>This service can&apos;t cancel: the order goes on and may be charged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="29"/>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="40"/>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="56"/>
        <source>Nothing ordered yet. Orders go on in the background and stay here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="67"/>
        <source>Orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="24"/>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="26"/>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="27"/>
        <source>Ordering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="28"/>
        <source>Queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="29"/>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="30"/>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="31"/>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="32"/>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="33"/>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="34"/>
        <source>Expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="35"/>
        <source>Uncertain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="47"/>
        <source>downloading {percent}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="51"/>
        <source>next look in {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="51"/>
        <source>looking now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="87"/>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="88"/>
        <source>Service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="89"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="90"/>
        <source>The service&apos;s word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="91"/>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="92"/>
        <source>Ordered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="93"/>
        <source>Last news</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="94"/>
        <source>Next look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="95"/>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="96"/>
        <source>Price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="100"/>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="101"/>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="102"/>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="103"/>
        <source>Id at the service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="104"/>
        <source>Option</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="105"/>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="106"/>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="107"/>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="108"/>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="26"/>
        <source>Folder for files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="52"/>
        <source>Folder for the files of new orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="57"/>
        <source>This service can&apos;t cancel: the order goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="22"/>
        <source>Folder for files, and questions before orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="38"/>
        <source>Files are saved in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="46"/>
        <source>Ask again before orders up to {amounts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="47"/>
        <source>It is asked before every order that costs something</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="54"/>
        <source>Ask for the price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="43"/>
        <source>Copy report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="41"/>
        <source>For yourself: with title, folder and file names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="56"/>
        <source>Copied, with title, folder and file names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="64"/>
        <source>For a bug report: without keys, title, area, folders and your name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="68"/>
        <source>The report is on the clipboard. Read it before you send it to anybody.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="22"/>
        <source>Cancel “{title}”? It has not been ordered yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="29"/>
        <source>Forget “{title}”? It has not been ordered yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="31"/>
        <source>Forget “{title}”? Its files wait at the service; they can't be collected then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="33"/>
        <source>Forget “{title}”? The order goes on at the service and may be charged; its files can't be collected then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="38"/>
        <source>Forget “{title}”? The order goes on at the service; its files can't be collected then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="42"/>
        <source>Forget “{title}”? If the service accepted it, it goes on there and may be charged, and its files can't be collected then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_losses.py" line="52"/>
        <source>The order is on its way; it can be cancelled once the service has answered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/job_text.py" line="118"/>
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/job_text.py" line="62"/>
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutOptions</name>
    <message>
        <location filename="../ui/option_form.py" line="57"/>
        <source>Ask for choices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/option_form.py" line="126"/>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutPlugin</name>
    <message>
        <location filename="../plugin.py" line="63"/>
        <source>Order geodata for an area and get it as layers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutPoint</name>
    <message>
        <location filename="../ui/point_field.py" line="42"/>
        <source>Longitude, latitude</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/point_field.py" line="46"/>
        <source>Centre of the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/point_field.py" line="50"/>
        <source>Click a place on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/point_field.py" line="113"/>
        <source>The map does not know where on Earth this is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/point_text.py" line="41"/>
        <source>Longitude goes to 180 and latitude to 90 degrees; longitude comes first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/point_text.py" line="77"/>
        <source>This is no place. Write longitude and latitude, like 16.37, 48.21.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutPreflight</name>
    <message>
        <location filename="../ui/preflight.py" line="35"/>
        <source>What will be ordered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="36"/>
        <source>Check the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="66"/>
        <source>Asking {host}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="84"/>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/preflight.py" line="97"/>
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="100"/>
        <source>about {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="104"/>
        <source>Licence: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/judging.py" line="70"/>
        <source>The area has %n parts, too many for an order each.</source>
        <translation>
            <numerusform>The area has %n part, too many for an order each.</numerusform>
            <numerusform>The area has %n parts, too many for an order each.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/preflight.py" line="99"/>
        <source>%n orders</source>
        <translation>
            <numerusform>%n order</numerusform>
            <numerusform>%n orders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutQuestions</name>
    <message>
        <location filename="../ui/questions.py" line="40"/>
        <source>Go back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="84"/>
        <source>Order {what} from {service} ({server})?
Area: {area}
Price: {price}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="63"/>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="103"/>
        <source>not named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="63"/>
        <source>Send again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="76"/>
        <source>Don&apos;t ask again for orders up to {amount}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="79"/>
        <source>The button beside “Orders” in the Cutout panel takes it back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="101"/>
        <source>free</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/questions.py" line="93"/>
        <source>These are %n orders.</source>
        <translation>
            <numerusform>This is %n order.</numerusform>
            <numerusform>These are %n orders.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/questions.py" line="105"/>
        <source>and not named for %n of the orders</source>
        <translation>
            <numerusform>and not named for %n of the orders</numerusform>
            <numerusform>and not named for %n of the orders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutTasks</name>
    <message>
        <location filename="../ui/latest.py" line="56"/>
        <source>This was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Disk</name>
    <message>
        <location filename="../bridge/reasons.py" line="19"/>
        <source>the disk is full ({folder}); free some space, then load the layers again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Drawings</name>
    <message>
        <location filename="../bridge/drawings.py" line="49"/>
        <source>nothing is drawn in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/drawings.py" line="95"/>
        <source>it is damaged: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <location filename="../bridge/jobs.py" line="267"/>
        <source>Ask {server}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="282"/>
        <source>Download {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="333"/>
        <source>The download was stopped. What has come is kept; “Check now” goes on with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/news.py" line="74"/>
        <source>Orders wait for QGIS's master password. Press “Check now” in the Cutout panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/news.py" line="84"/>
        <source>Orders from {server} wait for you to sign in. Press “Check now” in the panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/recovery.py" line="35"/>
        <source>Look for finished orders in {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/recovery.py" line="46"/>
        <source>%n finished order(s) were found again in {folder}.</source>
        <translation>
            <numerusform>%n finished order was found again in {folder}.</numerusform>
            <numerusform>%n finished orders were found again in {folder}.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/news.py" line="59"/>
        <source>Another QGIS window or Processing run works on “{title}”. What you want of it is done as soon as it is through, or now if you stop it there.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <location filename="../bridge/layers.py" line="135"/>
        <source>Open {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="88"/>
        <source>it was stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="76"/>
        <source>“{name}” could not be opened: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="76"/>
        <source>QGIS gives no reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="92"/>
        <source>The project was closed before the layers of “{title}” were in it. Load the job again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Merge</name>
    <message>
        <location filename="../bridge/mosaics.py" line="128"/>
        <source>the rasters have several CRS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="130"/>
        <source>the rasters differ in bands, data type or value for no data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="133"/>
        <source>the rasters have cells of several sizes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="136"/>
        <source>the cells of the rasters do not lie on each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/mosaics.py" line="171"/>
        <source>{count} sheets could not be joined to one raster, so each is a layer: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <location filename="../bridge/models.py" line="108"/>
        <source>it is a link that leads out of the job&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="142"/>
        <source>not placed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="153"/>
        <source>Model {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="156"/>
        <source>Buildings {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="161"/>
        <source>Terrain {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="182"/>
        <source>{count} things in it are no points, lines or polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="187"/>
        <source>Drawing {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="199"/>
        <source>placed by the ordered area, not georeferenced by the service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="201"/>
        <source>not placed: the service does not georeference it, and the ordered area is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/models.py" line="204"/>
        <source>not placed: the service does not georeference it, and it does not have the size of the ordered area</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Needs</name>
    <message>
        <location filename="../bridge/needs.py" line="17"/>
        <source>Cutout needs the Python package {names}, which this QGIS does not have. On Debian and Ubuntu install python3-{first}; on Windows choose python3-{first} in the OSGeo4W setup; elsewhere run “python3 -m pip install {all}” with the Python of QGIS. Then start QGIS again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Probe</name>
    <message>
        <location filename="../bridge/probe.py" line="60"/>
        <source>there is no layer in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/untrusted.py" line="66"/>
        <source>it is damaged, or in a format that this QGIS does not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="91"/>
        <source>QGIS would read it as {format}, which may lead to other files or servers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="104"/>
        <source>it is a picture without a position on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="153"/>
        <source>{count} features of “{layer}” are collections of geometries, which QGIS does not draw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="202"/>
        <source>points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="203"/>
        <source>lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="204"/>
        <source>polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="210"/>
        <source>it is damaged: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="139"/>
        <source>“{layer}” has a “|” in its name, so QGIS can't open it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/untrusted.py" line="46"/>
        <source>its name has a “|”, which QGIS takes for the end of the name</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Provenance</name>
    <message>
        <location filename="../bridge/provenance.py" line="76"/>
        <source>Ordered from {service} at {server}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="81"/>
        <source>Job there: {ids}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="84"/>
        <source>Ordered: {options}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="90"/>
        <source>Ordered {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="92"/>
        <source>Arrived {time}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>References</name>
    <message>
        <location filename="../bridge/references.py" line="103"/>
        <source>it is not a tileset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/references.py" line="203"/>
        <source>it refers to “{name}”, which is no file of this job, so it is not opened</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Scenes</name>
    <message>
        <location filename="../bridge/scenes.py" line="27"/>
        <source>QGIS shows 3D Tiles from version 3.34 on; the files stay in the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="47"/>
        <source>the model has no geolocation, so it does not lie where it belongs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="52"/>
        <source>QGIS does not show its tiles with implicit tiling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="54"/>
        <source>QGIS does not show its tiles with several contents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/scenes.py" line="76"/>
        <source>“{file}” is damaged: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Survey</name>
    <message>
        <location filename="../bridge/survey.py" line="168"/>
        <source>it is a link that leads out of the job&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="176"/>
        <source>the file is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="198"/>
        <source>{file} is not loaded: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="200"/>
        <source>{file} are not loaded: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/survey.py" line="202"/>
        <source>{file} and %n more are not loaded: {reason}.</source>
        <translation>
            <numerusform>{file} and %n more are not loaded: {reason}.</numerusform>
            <numerusform>{file} and %n more are not loaded: {reason}.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="208"/>
        <source>“{layer}” has no features, there may be none in the area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="65"/>
        <source>QGIS shows none of the files; they are in the folder.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tiles</name>
    <message>
        <location filename="../bridge/scene_tree.py" line="98"/>
        <source>it does not say where it lies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/scene_tree.py" line="129"/>
        <source>they are not of one kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="44"/>
        <source>{count} tiles could not be joined to one layer a theme, so each is a layer: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_tables.py" line="131"/>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="50"/>
        <source>The tiles of “{layer}” have several CRS ({names}), so there is a layer for each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_writing.py" line="63"/>
        <source>it ends too early</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="71"/>
        <source>The {count} results of the areas could not be joined, so each is a layer: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="77"/>
        <source>“{layer}” came in several CRS ({names}), so there is a layer for each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="36"/>
        <source>{file} could not be joined with the other tiles of “{layer}”, so it is a layer of its own: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/tile_outcome.py" line="63"/>
        <source>{file} could not be joined with “{layer}” of the other areas, so it is a layer of its own: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Together</name>
    <message>
        <location filename="../bridge/together.py" line="108"/>
        <source>several kinds of geometry are in one file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/together.py" line="110"/>
        <source>it is not placed on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/together.py" line="170"/>
        <source>a raster is not laid out with north at the top in a file of its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/together.py" line="179"/>
        <source>“{layer}” could not become one layer, so it is {count}: {reasons}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../bridge/together.py" line="222"/>
        <source>{jobs} and %n more</source>
        <translation>
            <numerusform>{jobs} and %n more</numerusform>
            <numerusform>{jobs} and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Toolbox</name>
    <message>
        <location filename="../toolbox/algorithm.py" line="49"/>
        <source>Stopped. Nothing was ordered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="88"/>
        <source>PER_FEATURE needs AREA, the features of which it orders for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="90"/>
        <source>An area is missing: give one of {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="120"/>
        <source>AREA: {layer} has no polygons.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="121"/>
        <source>Choose a polygon layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="125"/>
        <source>AREA: Nothing is selected in {layer}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="127"/>
        <source>AREA: {layer} has no features.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="148"/>
        <source>Feature {number} has no geometry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="154"/>
        <source>The features of {layer} have no geometry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="169"/>
        <source>EXTENT: “{value}” is not an extent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="170"/>
        <source>Write it like 174.7,174.8,-41.3,-41.2 [EPSG:4326].</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/collect.py" line="41"/>
        <source>Collect what was ordered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="54"/>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/collect.py" line="50"/>
        <source>job,order,export,download,resume,wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/collect.py" line="53"/>
        <source>Waits for orders that were placed before, in the Cutout panel, by a model or by a script, fetches their files, and gives them back as layers. An order whose answer was lost is looked for at its service. Nothing is sent twice, and what has been fetched already is not fetched again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/collecting.py" line="102"/>
        <source>There is no job {keys} in this profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/collecting.py" line="102"/>
        <source>The Cutout panel lists the jobs there are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="55"/>
        <source>Stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="58"/>
        <source>TIMEOUT: {minutes} minutes are over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../toolbox/following.py" line="168"/>
        <source>%n file(s).</source>
        <translation>
            <numerusform>%n file.</numerusform>
            <numerusform>%n files.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="176"/>
        <source>JOB_ID {key} is {state}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="90"/>
        <source>neither it nor the project has a CRS. Add one, like [EPSG:2193].</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="94"/>
        <source>QGIS knows no CRS “{crs}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="99"/>
        <source>it must be a text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="120"/>
        <source>“{value}” is neither true nor false.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="134"/>
        <source>“{value}” is none of {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="141"/>
        <source>the CRS has no code of an authority, like EPSG:2193. Choose one that has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="150"/>
        <source>“{value}” is no point. Write it like 16.37,48.21 [EPSG:4326].</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="160"/>
        <source>“{value}” is not on the Earth, in {crs}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="182"/>
        <source> from {low:g} to {high:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="184"/>
        <source> of at least {low:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="185"/>
        <source>“{value}” is not a whole number{limits}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/given.py" line="186"/>
        <source>“{value}” is not a number{limits}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/lots.py" line="38"/>
        <source>Feature {number}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="42"/>
        <source>Instead of AREA or EXTENT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="44"/>
        <source>Only for {kind} data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="46"/>
        <source> or </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="47"/>
        <source>Only with {parameters}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/options.py" line="49"/>
        <source>In {unit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="49"/>
        <source>Order from {service}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="52"/>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="59"/>
        <source>order,export,download,area,clip,geodata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="63"/>
        <source>Orders from {service} for an area, waits for the files, and gives them back as layers. The order is in the list of the Cutout panel too, and outlives this run: cutout:collect goes on with it. Nothing is sent twice. It {cost} money; DRY_RUN tells what the service says beforehand.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="69"/>
        <source>may cost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="69"/>
        <source>costs no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="54"/>
        <source>The JOB_ID of the order, or several, separated by commas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="184"/>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="60"/>
        <source>Where the files go, in a folder for each job. Empty: where they were to go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="69"/>
        <source>Layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="70"/>
        <source>Jobs, separated by commas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="71"/>
        <source>State of each job, separated by commas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="72"/>
        <source>Area in km²</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="73"/>
        <source>Price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="74"/>
        <source>Currency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="81"/>
        <source>One of AREA, EXTENT{instead} is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="81"/>
        <source>AREA or EXTENT, or neither.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="86"/>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="89"/>
        <source>Area as an extent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="90"/>
        <source>One order for each feature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="92"/>
        <source>Polygons. All of them are one area, unless PER_FEATURE is set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="93"/>
        <source>A rectangle: west,east,south,north [EPSG:4326]. West may be greater than east, for an area over the antimeridian. Without a CRS it is in that of the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="102"/>
        <source>An order for each feature of AREA, instead of one for all of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="116"/>
        <source>The address of the service: {known}, or another one of its kind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="117"/>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="127"/>
        <source>Authentication</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="133"/>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="133"/>
        <source>The title of the order, from which the folder and the layers have their names. Expressions over the feature may stand in it: [% &quot;name&quot; %].</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="144"/>
        <source>Only check and price it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="145"/>
        <source>Merge what the orders bring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="148"/>
        <source>Says what it would cost and every problem, and orders nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="151"/>
        <source>Layers of one theme that several orders have brought become one layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="160"/>
        <source>Clip to the area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="161"/>
        <source>Cuts what comes to the area exactly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="165"/>
        <source>Wait for the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="166"/>
        <source>Otherwise it ends once the service has the order, which can be collected by JOB_ID.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="174"/>
        <source>Longest wait (minutes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="175"/>
        <source>After so many minutes it ends with an error; the order goes on and can be collected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="185"/>
        <source>Where the files go, in a folder for each order. Empty: {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/titles.py" line="50"/>
        <source>there is no such field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/titles.py" line="51"/>
        <source>“{expression}” can't be worked out: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/share.py" line="67"/>
        <source>It was taken out of the list of jobs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/runs.py" line="249"/>
        <source>It has not been ordered: cutout:collect does that, or “Check now” in the panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/areas.py" line="86"/>
        <source>Give only one of {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/collecting.py" line="144"/>
        <source>{folder} is inside the folder of “{title}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="156"/>
        <source>about {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="157"/>
        <source>no price named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="159"/>
        <source>Nothing is ordered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="178"/>
        <source>JOB_ID {key} has {state}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="181"/>
        <source>It is kept: collect it later with cutout:collect, or see the Cutout panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/ordering.py" line="77"/>
        <source>CLIP has no effect without AREA or EXTENT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="122"/>
        <source>A QGIS authentication configuration. Empty: that of the account saved for SERVER, or what stands in the environment as {variables}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/models/__init__.py" line="38"/>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/parameters.py" line="62"/>
        <source>Otherwise it only looks how far they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/consent.py" line="39"/>
        <source>The price was not agreed to. Nothing was ordered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="192"/>
        <source>The order goes on at the service and may be charged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/following.py" line="193"/>
        <source>The order goes on at the service.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/order.py" line="70"/>
        <source>In QGIS you are asked once, with the sum, before anything that costs money is ordered. With qgis_process nobody is asked: the command is the consent.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
