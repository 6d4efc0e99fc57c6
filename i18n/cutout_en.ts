<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Arrivals</name>
    <message numerus="yes">
        <location filename="../bridge/arrivals.py" line="57"/>
        <source>“{title}” has arrived: %n layer(s).</source>
        <translation>
            <numerusform>“{title}” has arrived: %n layer.</numerusform>
            <numerusform>“{title}” has arrived: %n layers.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../bridge/arrivals.py" line="45"/>
        <source>Look through {title}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Cover</name>
    <message>
        <location filename="../toolbox/cover.py" line="42"/>
        <source>Replaces each polygon by one that covers it and has no more than the given number of vertices, so that a service with a limit takes it and nothing of the area is lost. The attribute extra_pct says by how many percent the area grows. The result is in EPSG:4326.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="39"/>
        <source>Cover polygons with fewer vertices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="54"/>
        <source>Polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="55"/>
        <source>Most vertices, closing ones included</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../toolbox/cover.py" line="64"/>
        <source>Cover</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutAccount</name>
    <message>
        <location filename="../ui/account_dialog.py" line="113"/>
        <source>Test connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="50"/>
        <source>Edit account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="50"/>
        <source>Add account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="87"/>
        <source>Optional: how to call it in the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="88"/>
        <source>Send the key unencrypted (plain http)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="90"/>
        <source>Anybody between here and the server can read the key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="98"/>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="100"/>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="129"/>
        <source>Choose, or type the site&apos;s address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="157"/>
        <source>Enter the address of the server first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="166"/>
        <source>QGIS keeps it encrypted, and may ask for your master password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="167"/>
        <source>Make one here: {link}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_dialog.py" line="189"/>
        <source>Asking {host}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="30"/>
        <source>Sign-in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="34"/>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="36"/>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="36"/>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="55"/>
        <source>Choose a sign-in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="58"/>
        <source>Enter the credentials first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/credential_fields.py" line="64"/>
        <source>Leave empty to keep the saved one</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutArea</name>
    <message>
        <location filename="../ui/area_picker.py" line="56"/>
        <source>Measure the area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="106"/>
        <source>Where the area comes from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="110"/>
        <source>Zoom to the area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="132"/>
        <source>Map canvas extent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="133"/>
        <source>Selected polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="134"/>
        <source>No area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/area_picker.py" line="176"/>
        <source>The service is asked for everything.</source>
        <translation type="unfinished"></translation>
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
        <location filename="../ui/account_picker.py" line="169"/>
        <source>Remove account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="169"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="180"/>
        <source>To order from {service}, add an account with a key from the service.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/account_picker.py" line="186"/>
        <source>More: {link}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dock.py" line="38"/>
        <source>Cutout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dock.py" line="69"/>
        <source>“{title}” is ordered. Go on working: its layers come by themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="50"/>
        <source>The name of the layer group and of the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="52"/>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="85"/>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="88"/>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="142"/>
        <source>The key is locked away in QGIS, which asks for your master password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="143"/>
        <source>Unlock…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="169"/>
        <source>Optional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="171"/>
        <source>Add an account first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="174"/>
        <source>Measuring the area…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="181"/>
        <source>Unlock the account first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/order_form.py" line="192"/>
        <source>Order what is described above</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/service_form.py" line="54"/>
        <source>{first} and %n more</source>
        <translation>
            <numerusform>{first} and %n more</numerusform>
            <numerusform>{first} and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutoutFigures</name>
    <message>
        <location filename="../ui/figures.py" line="17"/>
        <source>{figure} m²</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="19"/>
        <source>{figure} km²</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="23"/>
        <source>%Ln vertices</source>
        <translation>
            <numerusform>%Ln vertex</numerusform>
            <numerusform>%Ln vertices</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="34"/>
        <source>price not named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="36"/>
        <source>free</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="43"/>
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="45"/>
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="47"/>
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/figures.py" line="48"/>
        <source>%n d</source>
        <translation>
            <numerusform>%n d</numerusform>
            <numerusform>%n d</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="53"/>
        <source>just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="54"/>
        <source>{span} ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/figures.py" line="65"/>
        <source>{figure} %</source>
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
        <location filename="../ui/choice_model.py" line="32"/>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="73"/>
        <source>Search, or paste an id or address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="86"/>
        <source>Search results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="87"/>
        <source>Double click or Enter adds a row to the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="97"/>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="100"/>
        <source>Add the selected rows to the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="129"/>
        <source>What can be ordered shows here once the account is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="134"/>
        <source>Searching…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="138"/>
        <source>Nothing found. Try fewer or other words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/item_picker.py" line="142"/>
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln found</numerusform>
            <numerusform>%Ln found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/item_picker.py" line="144"/>
        <source>%Ln found, scroll for more</source>
        <translation>
            <numerusform>%Ln found, scroll for more</numerusform>
            <numerusform>%Ln found, scroll for more</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/item_picker.py" line="149"/>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/picked_list.py" line="65"/>
        <source>Take {title} out of the order</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutJobs</name>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Zoom to area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Send again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Load layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Check now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Cancel…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Order again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Details…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Copy message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="73"/>
        <source>Remove from list…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="125"/>
        <source>“{title}” may have been accepted. If it was, it may be charged twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="126"/>
        <source>Send again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="131"/>
        <source>Stop the download of “{title}”? What it may have cost is not given back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="133"/>
        <source>Cancel “{title}” at the service?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="134"/>
        <source>Cancel the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="138"/>
        <source>Order “{title}” once more, with the same area and options?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="140"/>
        <source>Order “{title}” once more? It may be charged again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="141"/>
        <source>Order again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="146"/>
        <source>Forget “{title}”? It goes on at the service, and nobody fetches its files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="148"/>
        <source>Forget “{title}”? If the service accepted it, nobody fetches its files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="150"/>
        <source>Take “{title}” out of the list? Files and layers stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="151"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="156"/>
        <source>The folder can&apos;t be opened: {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="181"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_actions.py" line="182"/>
        <source>This service can&apos;t cancel: the order goes on and may be charged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="19"/>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_details.py" line="22"/>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="55"/>
        <source>Nothing ordered yet. Orders go on in the background and stay here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_panel.py" line="66"/>
        <source>Orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="19"/>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="21"/>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="22"/>
        <source>Ordering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="23"/>
        <source>Queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="24"/>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="25"/>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="26"/>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="27"/>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="28"/>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="29"/>
        <source>Expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="30"/>
        <source>Uncertain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="42"/>
        <source>downloading {percent}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="46"/>
        <source>next look in {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="46"/>
        <source>looking now</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/job_text.py" line="56"/>
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="81"/>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="82"/>
        <source>Service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="83"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="84"/>
        <source>The service&apos;s word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="85"/>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="86"/>
        <source>Ordered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="87"/>
        <source>Last news</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="88"/>
        <source>Next look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="89"/>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="90"/>
        <source>Price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="94"/>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="95"/>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="96"/>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="97"/>
        <source>Id at the service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="98"/>
        <source>Option</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="99"/>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="100"/>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="101"/>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/job_text.py" line="102"/>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="20"/>
        <source>Folder for files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="26"/>
        <source>Files are saved in {folder}. Click to choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/downloads_button.py" line="30"/>
        <source>Folder for the files of new orders</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutOptions</name>
    <message>
        <location filename="../ui/option_form.py" line="44"/>
        <source>Ask for choices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/option_form.py" line="89"/>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutPlugin</name>
    <message>
        <location filename="../plugin.py" line="54"/>
        <source>Order geodata for an area and get it as layers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutPreflight</name>
    <message>
        <location filename="../ui/preflight.py" line="44"/>
        <source>What will be ordered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="45"/>
        <source>Check the order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="75"/>
        <source>Asking {host}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="93"/>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../ui/preflight.py" line="112"/>
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="113"/>
        <source>about {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/preflight.py" line="119"/>
        <source>Licence: {title}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutoutQuestions</name>
    <message>
        <location filename="../ui/questions.py" line="25"/>
        <source>Go back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="38"/>
        <source>Order {what} from {service} ({server})?
Area: {area}
Price: {price}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/questions.py" line="45"/>
        <source>Order</source>
        <translation type="unfinished"></translation>
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
    <name>Jobs</name>
    <message>
        <location filename="../bridge/jobs.py" line="167"/>
        <source>Ask {server}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="176"/>
        <source>Download {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="230"/>
        <source>The download was stopped. What has come is kept; “Check now” goes on with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/jobs.py" line="288"/>
        <source>Orders wait for QGIS's master password. Press “Check now” in the Cutout panel.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <location filename="../bridge/layers.py" line="90"/>
        <source>Open {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="92"/>
        <source>it was stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="152"/>
        <source>“{name}” could not be opened: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="152"/>
        <source>QGIS gives no reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/layers.py" line="164"/>
        <source>The project was closed before the layers of “{title}” were in it. Load the job again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Merge</name>
    <message>
        <location filename="../bridge/merge.py" line="144"/>
        <source>{count} sheets could not be joined to one raster, so each is a layer: {reason}</source>
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
        <location filename="../bridge/probe.py" line="64"/>
        <source>there is no layer in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="78"/>
        <source>it is damaged, or in a format that this QGIS does not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="82"/>
        <source>QGIS would read it as {format}, which may lead to other files or servers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="94"/>
        <source>it is a picture without a position on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="137"/>
        <source>“{layer}” has no features, there may be none in the area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="144"/>
        <source>{count} features of “{layer}” are collections of geometries, which QGIS does not draw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="193"/>
        <source>points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="194"/>
        <source>lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="195"/>
        <source>polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/probe.py" line="201"/>
        <source>it is damaged: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Provenance</name>
    <message>
        <location filename="../bridge/provenance.py" line="54"/>
        <source>Ordered from {service} at {server}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="59"/>
        <source>Job there: {ids}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="62"/>
        <source>Ordered: {options}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="68"/>
        <source>Ordered {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/provenance.py" line="70"/>
        <source>Arrived {time}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>References</name>
    <message>
        <location filename="../bridge/references.py" line="74"/>
        <source>it is not a tileset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/references.py" line="153"/>
        <source>it refers to “{name}”, which is no file of this job, so it is not opened</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Survey</name>
    <message>
        <location filename="../bridge/survey.py" line="113"/>
        <source>it is a link that leads out of the job&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="119"/>
        <source>the file is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="125"/>
        <source>QGIS shows 3D Tiles from version 3.34 on; the files stay in the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../bridge/survey.py" line="159"/>
        <source>{file} is not loaded: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
