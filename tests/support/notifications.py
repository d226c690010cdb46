# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop does with notifications: here it only keeps them, for the test to read."""

from gi.repository import Gio, GLib

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
INTERFACE = """<node>
  <interface name="org.freedesktop.Notifications">
    <method name="GetCapabilities"><arg type="as" direction="out"/></method>
    <method name="GetServerInformation">
      <arg type="s" direction="out"/><arg type="s" direction="out"/>
      <arg type="s" direction="out"/><arg type="s" direction="out"/>
    </method>
    <method name="Notify">
      <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
      <arg type="u" direction="out"/>
    </method>
    <method name="CloseNotification"><arg type="u" direction="in"/></method>
  </interface>
</node>"""


class Notifications:
    """The notification service of a session bus, served by the default main context."""

    def __init__(self, address):
        self.shown = []  # (title, text)
        flags = Gio.DBusConnectionFlags
        self._connection = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None
        )
        interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
        self._connection.register_object(PATH, interface, self._on_call, None, None)
        Gio.bus_own_name_on_connection(self._connection, NAME, 0, None, None)

    def _on_call(self, _connection, _sender, _path, _interface, method, arguments, invocation):
        if method == "Notify":
            self.shown.append((arguments[3], arguments[4]))
        replies = {
            "GetCapabilities": GLib.Variant("(as)", (["body"],)),
            "GetServerInformation": GLib.Variant("(ssss)", ("test", "Fulgurite", "1", "1.2")),
            "Notify": GLib.Variant("(u)", (len(self.shown),)),
        }
        invocation.return_value(replies.get(method))

    def close(self):
        """Leaves the bus."""
        self._connection.close_sync(None)
