import { Drawer, List, Tabs, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFocusBack } from '../ui/Dialog';
import { TextTable } from '../ui/TextTable';

/** Configuration Instructions: what to do in Autotask, then here. */
export default function Instructions({ onClose }: { onClose: () => void }) {
  useFocusBack();
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title="Configuration Instructions">
      <Tabs defaultValue="autotask">
        <Tabs.List aria-label="Which data">
          <Tabs.Tab value="autotask">Autotask as the source</Tabs.Tab>
          <Tabs.Tab value="itglue">Autotask besides IT Glue</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="autotask" pt="md">
          <User />
          <Level>
            <FullLevel />
          </Level>
          <Part title="3. Here, less than 5 minutes">
            <List.Item>
              Check <b>Autotask Integration Active</b>.
            </List.Item>
            <LoginSteps />
            <List.Item>
              Click <b>Save Settings</b>. The first time, with <b>Autotask Integration Active</b> checked, the
              initial sync starts at once. It can take up to 1 hour, this once only; an e-mail tells when it
              is complete.
            </List.Item>
          </Part>
        </Tabs.Panel>
        <Tabs.Panel value="itglue" pt="md">
          <Text size="sm" mb="md">
            IT Glue stays the source of companies, users and assets; Autotask adds tickets, contracts and
            opportunities.
          </Text>
          <User />
          <Level>
            <SupplementLevel />
          </Level>
          <Part title="3. Here">
            <List.Item>
              Choose <b>IT Glue</b> as the primary source of companies and assets, and check{' '}
              <b>Autotask Integration Active</b>.
            </List.Item>
            <List.Item>
              Check <b>Pull Contracts from Datto Autotask</b> and <b>Pull Tickets from Datto Autotask</b>.
            </List.Item>
            <LoginSteps />
            <List.Item>
              Click <b>Save Settings</b>.
            </List.Item>
            <List.Item>
              On the card <b>IT Glue</b>, choose the region, enter an API key (IT Glue: Account &gt; Settings
              &gt; API Keys), click <b>Test IT Glue</b>, then <b>Save IT Glue</b>.
            </List.Item>
            <List.Item>
              Open the tab <b>Link Companies to IT GLUE</b> and click <b>map companies</b>. Companies that
              were matched become green rows, and a counter above the table tells how many. Review them;
              choose the others by the drop-down of their row. Names that differ a little, such as “My
              Company, LLC” and “My Company”, may not be matched by themselves.
            </List.Item>
            <List.Item>
              Click <b>Save Changes</b> above the table. Nothing is stored before.
            </List.Item>
          </Part>
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <Title order={3} size="h5" mt="md" mb="xs">
        {title}
      </Title>
      <List type="ordered" size="sm" spacing={6}>
        {children}
      </List>
    </>
  );
}

function User() {
  return (
    <Part title="1. In Autotask: the API user, less than 10 minutes">
      <List.Item>
        As an Autotask admin, open <b>Admin</b> &gt; <b>Features & Settings</b> &gt;{' '}
        <b>Resources/Users (HR)</b> &gt; <b>Resources/Users</b>, and click <b>New</b>.
      </List.Item>
      <List.Item>
        On the tab <b>General</b>, fill in what Autotask requires: first name, last name, e-mail address and
        so on.
      </List.Item>
      <List.Item>
        On the tab <b>Security</b>, in this order: <b>Security Level</b>: API User (system), or a narrower one
        as below. <b>Username</b>: for example lciapi. <b>Password</b> and <b>Confirm Password</b>: strong,
        and used nowhere else. <b>API Tracking Identifier</b>: choose <b>Integration Vendor</b>, then{' '}
        <b>Lifecycle Insights – Business…</b>
      </List.Item>
      <List.Item>
        Click <b>Save</b>, complete what else is asked for, then <b>Save and Close</b>. Note the full user
        name and the password: they are all that is needed here.
      </List.Item>
    </Part>
  );
}

function Level({ children }: { children: ReactNode }) {
  return (
    <Part title="2. In Autotask: a security level with only the rights needed">
      <List.Item>
        Open <b>Admin</b> &gt; <b>Resources/Users (HR)</b> &gt; Security &gt; <b>Security Levels</b>.
      </List.Item>
      <List.Item>
        Right-click <b>API User (System) (API-only)</b>, click <b>Copy Security Level</b>, and name the copy,
        for example LCI API User.
      </List.Item>
      {children}
      <List.Item>
        Save and close; then choose this security level in the API user. <b>Test Settings</b> tells which
        rights are missing or not needed.
      </List.Item>
    </Part>
  );
}

const CRM: readonly (readonly string[])[] = [
  ['Accounts', 'see above', 'None', 'None', 'None'],
  ['Contacts', 'All', 'None', 'None', 'None'],
  ['Opportunities & Quotes', 'None', 'None', 'None', 'None'],
  ['Sales Orders', 'None', '', 'None', 'None'],
  ['Configuration Items & Subscriptions', 'All', 'None', 'All', 'None'],
  ['Notes', 'Yes', 'None', 'None', 'None'],
  ['To-Dos', 'Yes', 'None', 'None', 'None'],
  ['Attachments', 'None', 'None', '', 'None'],
];

function FullLevel() {
  return (
    <>
      <List.Item>
        Click <b>No Permission</b> for Contracts, Projects, Service Desk, Timesheets, Reports and Other.
      </List.Item>
      <List.Item>
        <b>Admin</b>: only <b>Products & Services</b> and <b>Configuration Items</b>.
      </List.Item>
      <List.Item>
        <b>Inventory</b>: everything None or No, but <b>Products / View</b>: <b>All</b>.
      </List.Item>
      <List.Item>
        <b>CRM</b>, account & contact access: All for Customer & Cancelation, Vendor & Partners, and
        Prospects, Leads, & Dead. Object permissions:
        <TextTable
          label="Object permissions of CRM"
          headings={['Object', 'View', 'Add', 'Edit', 'Delete']}
          rows={CRM.map((row) => row.map((cell) => cell || 'not applicable'))}
        />
        <Text size="sm" mt={4}>
          Edit of Configuration Items is for the warranty write-back alone; without it, leave Edit at None.
        </Text>
      </List.Item>
    </>
  );
}

function SupplementLevel() {
  return (
    <>
      <List.Item>
        <b>Contracts</b>: Object Permissions, <b>View</b>: <b>All</b>; <b>Contract Visibility</b>: <b>Full</b>
        .
      </List.Item>
      <List.Item>
        <b>Admin</b>: only <b>Products & Services</b>, <b>Configuration Items</b>,{' '}
        <b>Sales & Opportunities</b> and <b>Resource/Users (HR)</b>.
      </List.Item>
      <List.Item>
        <b>CRM</b>: View = All for accounts; Opportunities & Quotes, View = All, if you want opportunities.
      </List.Item>
    </>
  );
}

function LoginSteps() {
  return (
    <>
      <List.Item>
        Enter the API user name and the API password exactly as they are in Autotask. Nothing else is needed:
        the zone is found from the user name.
      </List.Item>
      <List.Item>
        Click <b>Test Settings</b>. You should see “Connection Successful.”; if not, the message says what to
        do.
      </List.Item>
    </>
  );
}
