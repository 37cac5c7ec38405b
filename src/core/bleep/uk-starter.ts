import type { RulesInput } from './rule-schema.ts'

/**
 * What UK switchboards say, as a starting point that every site edits: rules in order, the first that fits gives the
 * evidence. Emergencies come before lesser calls, special teams before the adult one. Words are those of published
 * hospital procedures where such exist; the rest is common usage and marked for review by each site.
 */
export const UK_STARTER = {
  extends: 'nothing',
  rules: [
    {
      id: 'test-call',
      kind: 'test',
      class: 'test',
      act: 'test',
      when: {
        text: [
          'TEST (CALL|PAGE|BLEEP|TEAM|MESSAGE|ONLY)S?',
          '(CALL|PAGE|BLEEP|TEAM|ALARM) TEST',
          '^TEST',
          'THIS IS A TEST',
          'NO RESPONSE REQUIRED$',
        ],
        unless: [
          '(NOT|NO|ISNT|ISN T|NEVER) (A |AN |JUST )*TEST',
          'NO LONGER (A )?TEST',
          'TEST (ROOM|CENTRE|CENTER|CLINIC|LAB|POSITIVE|NEGATIVE)',
          'NOT A DRILL',
          '(NOW|IS|ITS) (A )?REAL',
        ],
      },
    },
    {
      id: 'stand-down',
      kind: 'stand-down',
      class: 'urgent',
      act: 'cancel',
      when: {
        text: [
          '(STAND|STOOD|STANDING) ?DOWN',
          '^CANCEL(L?ED)?',
          '(CALL|ARREST|TRAUMA|TEAM|BLEEP|PAGE|CODE|ALERT|EMERGENCY|FIRE|ALARM|STROKE) (IS |NOW |HAS BEEN )*CANCEL(L?ED)?',
          'CANCEL(L?ED)? (THE |THAT |LAST |PREVIOUS |ADULT )*(CALL|CRASH|ARREST|TRAUMA|TEAM|BLEEP|PAGE|CODE|ALERT|EMERGENCY|STROKE)',
          'FALSE ALARM',
          'NO LONGER (REQUIRED|NEEDED)',
        ],
        unless: [
          '(DO NOT|DONT|DON T|NOT|NEVER|CANNOT) (BE |BEEN |TO |YET |A )*(STAND|STOOD|STANDING|CANCEL|CANCELLED|CANCELED|FALSE)',
          '(CANCEL|IGNORE|DISREGARD) (THE |THAT |LAST |PREVIOUS )*STAND ?DOWN',
          'STAND ?DOWN (IS |WAS |SENT )*(CANCELLED|CANCELED|ERROR|IN ERROR)',
          'NOW .*(ARREST|CRASH|EMERG[A-Z]*|HAEMORRHAGE)',
          'CANCEL(L?ED)? (LIST|CLINIC|APPOINTMENT|OPERATION|PATIENT|SURGERY|THEATRE)',
        ],
      },
    },
    {
      id: 'espa-reset',
      kind: 'stand-down',
      class: 'urgent',
      act: 'cancel',
      when: { fields: { callType: '1' } },
    },
    { id: 'espa-priority-1', class: 'emergency', when: { fields: { priority: '1' } } },
    { id: 'espa-priority-2', class: 'urgent', when: { fields: { priority: '2' } } },

    {
      id: 'maternal-arrest',
      kind: 'maternal-arrest',
      class: 'emergency',
      when: { text: '(OBSTETRIC|OBS|MATERNAL) .*ARREST' },
    },
    {
      id: 'neonatal-emergency',
      kind: 'neonatal-emergency',
      class: 'emergency',
      when: {
        text: [
          '(NEONATAL|NEONATE|NEWBORN|NNU|SCBU|NICU|BABY) .*(ARREST|CRASH|EMERG[A-Z]*|RESUS[A-Z]*)',
          '(ARREST|CRASH|EMERG[A-Z]*|RESUS[A-Z]*) .*(NEONATAL|NEONATE|NEWBORN|NNU|SCBU|NICU|BABY)',
        ],
      },
    },
    {
      id: 'paediatric-arrest',
      kind: 'paediatric-arrest',
      class: 'emergency',
      when: {
        text: [
          '(PAEDS?|PEDS?|PAEDIATRICS?|CHILD|CHILDRENS?|INFANT) .*(ARREST|CRASH|EMERG[A-Z]*)',
          '(ARREST|CRASH|EMERG[A-Z]*) .*(PAEDS?|PEDS?|PAEDIATRICS?|CHILD|CHILDRENS?|INFANT)',
        ],
      },
    },
    {
      id: 'adult-arrest',
      kind: 'adult-arrest',
      class: 'emergency',
      when: {
        text: [
          'CARDIAC ?ARREST',
          '(CARDIO ?RESPIRATORY|CARDIOPULMONARY|RESP|RESPIRATORY) ARREST',
          '(CRASH|ARREST) (CALL|TEAM)',
          'ADULT (CRASH|ARREST|MEDICAL EMERGENCY)',
          'PERI ?ARREST',
          '^ARREST',
          'ARREST (IN|ON|AT|WARD|WD|ED|RESUS|THEATRE|BED|BAY)',
        ],
      },
    },
    {
      id: 'major-haemorrhage',
      kind: 'major-haemorrhage',
      class: 'emergency',
      when: { text: ['(MAJOR|MASSIVE) HA?EM[A-Z]*', 'MHP', 'MTP', 'CODE RED'] },
    },
    {
      id: 'obstetric-emergency',
      kind: 'obstetric-emergency',
      class: 'emergency',
      when: {
        text: [
          '(OBSTETRIC|OBS|MATERNITY|MATERNAL) (CRASH|EMERG[A-Z]*)',
          'CAT(EGORY)? ?(1|ONE) (SECTION|C SECTION|CS|LSCS|CAESAREAN)',
          'CAT(EGORY)? ?1',
          'CORD PROLAPSE',
          'SHOULDER DYSTOCIA',
          'ECLAMPSIA|ECLAMPTIC',
          'PPH|POST ?PARTUM HAEMORRHAGE',
        ],
      },
    },
    { id: 'trauma', kind: 'trauma', class: 'emergency', when: { text: 'TRAUMA (CALL|TEAM|ALERT)' } },
    {
      id: 'airway',
      kind: 'airway',
      class: 'emergency',
      when: { text: ['ANAESTHETIC (CRASH|EMERG[A-Z]*)', 'AIRWAY', 'DIFFICULT INTUB[A-Z]*'] },
    },
    {
      id: 'stroke',
      kind: 'stroke',
      class: 'emergency',
      when: { text: ['STROKE (CALL|ALERT|TEAM)', 'THROMBOLYSIS', 'FAST POS(ITIVE)?'] },
    },
    { id: 'cath-lab', kind: 'cath-lab', class: 'emergency', when: { text: ['N?STEMI', 'PPCI', 'CATH LAB'] } },
    {
      id: 'fire',
      kind: 'fire',
      class: 'emergency',
      when: { text: 'FIRE' },
    },
    {
      id: 'security',
      kind: 'security',
      class: 'emergency',
      when: {
        text: [
          'SECURITY',
          'VIOLEN(T|CE)',
          'ABSCOND[A-Z]*',
          'MISSING (PATIENT|PT|CHILD|BABY)',
          'BABY ABDUCT[A-Z]*',
          'PANIC (ALARM|BUTTON|CALL)',
          'PANIC',
        ],
      },
    },
    {
      id: 'met',
      kind: 'met',
      class: 'urgent',
      when: {
        text: [
          'MET CALL',
          'MEDICAL EMERGENCY TEAM',
          'RAPID RESPONSE',
          'OUTREACH',
          'P?NEWS ?2? ?(SCORE )?(OF )?[0-9]+',
          'SEPSIS',
        ],
      },
    },
    {
      id: 'unnamed-emergency',
      kind: 'emergency',
      class: 'emergency',
      when: { text: ['EMERGENCY', '2222 (CALL|TO|FOR|WARD|WD|ED|THEATRE|[A-Z]{3,})', 'CRASH BLEEP'] },
    },
    {
      id: 'fast-bleep',
      kind: 'fast-bleep',
      class: 'urgent',
      when: { text: ['FAST ?BLEEP', 'IMMEDIATE(LY)?', 'URGENT(LY)?', 'ASAP', 'STAT'] },
    },
    { id: 'crash-line-code', kind: 'call-back', class: 'urgent', when: { text: '^2222( 2222)*$' } },
  ],

  lookAlikes: [
    '(BLOOD|PREGNANCY|URINE|COVID|DRUG|LATERAL FLOW|EXERCISE|LUNG FUNCTION|SWALLOW|COAG|CLOTTING) TESTS?',
    'TEST (RESULT|TUBE|STRIP|SAMPLE|KIT|REQUEST|DOSE|FEED)S?',
    'FIRE (DOOR|SAFETY|TRAINING|EXTINGUISHER|DRILL|WARDEN|EXIT|ESCAPE|LECTURE|BLANKET|PANEL FAULT|RISK|OFFICER)S?',
    '(RESP|RESPIRATORY|CARDIAC|ADULT|PAED|PAEDIATRIC|NEONATAL) (ARREST|RESUS|CRASH) (NURSE |TEAM )?(COURSE|STUDY DAY|TRAINING DAY|TRAINING SESSION|AUDIT|FORM|MEETING|LECTURE|TEACHING|DEBRIEF)S?',
    '(ARREST|CRASH|TRAUMA|STROKE|MET|EMERGENCY) (NURSE |TEAM |CALL )*(COURSE|STUDY DAY|MEETING|AUDIT|DEBRIEF|TEACHING)S?',
    '(ARREST|CRASH|RESUS|AIRWAY|EMERGENCY|HAEMORRHAGE|SEPSIS|PPH) (TROLLEY|TROLLY|BAG|BOX|DRUGS?|KIT|TRAY)S?',
    'POST (CARDIAC )?ARREST',
    'UNDER (POLICE )?ARREST',
    'CAR CRASH',
    '(NON|NOT) (AN )?(URGENT(LY)?|EMERGENCY)',
    'NO (RUSH|URGENCY)',
    'EMERGENCY (DEPARTMENT|DEPT|THEATRE LIST|LIST|CONTACT|CLINIC|LIGHT(ING)?|EXIT)S?',
    'PANIC ATTACKS?',
    '(SOCIAL|NETWORK) SECURITY',
    'SECURITY (CODE|PASS|BADGE|OFFICE|LIGHT|TAG)S?',
    'STROKE (CLINIC|WARD|UNIT|MEETING|PATHWAY)S?',
    'CATH LAB (LIST|RECEPTION|OFFICE|RECOVERY|SECRETARY)',
    'OUTREACH (CLINIC|MEETING|TEACHING)',
    'RAPID RESPONSE (CAR|SERVICE) ?(BOOKED|REFERRAL)',
    'STAT (DOSE|MED|MEDS) GIVEN',
    'SEPSIS (SCREEN NEGATIVE|TRAINING|AUDIT|NURSE)',
  ],

  keywords: [
    'CARDIAC',
    'ARREST',
    'CRASH',
    'PAEDIATRIC',
    'NEONATAL',
    'NEWBORN',
    'MATERNAL',
    'OBSTETRIC',
    'HAEMORRHAGE',
    'TRAUMA',
    'ANAESTHETIC',
    'AIRWAY',
    'STROKE',
    'EMERGENCY',
    'RESPIRATORY',
    'THROMBOLYSIS',
    'ECLAMPSIA',
    'DYSTOCIA',
    'PROLAPSE',
    'SECURITY',
    'IMMEDIATELY',
    'URGENT',
    'MASSIVE',
  ],

  realWords: [
    'STOKE',
    'STRIKE',
    'STROKED',
    'AIRWAYS',
    'ANAESTHETIST',
    'ANAESTHETISTS',
    'EMERGENT',
    'CRUSH',
    'ARRESTED',
  ],
} satisfies RulesInput
